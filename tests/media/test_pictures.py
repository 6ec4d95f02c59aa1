"""Pictures: the same to the eye, and nothing but picture."""

import io

import pytest
from PIL import Image, ImageCms

from hub.media import pictures
from hub.media.pictures import draw


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as found:
        found.load()
        return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_stays_what_it_was(make, kind):
    drawn = draw(make.picture(kind, size=(600, 400), color=(200, 60, 20)), kind)
    seen = opened(drawn.data)
    assert (seen.format, seen.size, drawn.width, drawn.height) == (kind, (600, 400), 600, 400)
    assert all(
        abs(a - b) < 8 for a, b in zip(seen.convert("RGB").getpixel((300, 200)), (200, 60, 20), strict=True)
    )
    small = opened(drawn.thumb)
    assert (small.format, small.size) == ("WEBP", (480, 320))


def test_a_small_picture_needs_no_smaller_one(make):
    assert draw(make.picture(size=(480, 480)), "PNG").thumb is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_every_sort_of_png_is_drawn(make, mode):
    seen = opened(draw(make.picture(size=(500, 500), mode=mode), "PNG").data)
    assert seen.size == (500, 500)


def test_sixteen_bits_of_grey_become_eight_and_not_white(make):
    assert opened(draw(make.picture(mode="I;16", color=40_000), "PNG").data).getpixel((0, 0)) == 156


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_what_is_transparent_stays_so(make, kind):
    drawn = draw(make.picture(kind, size=(600, 600), mode="RGBA", color=(10, 20, 30, 0)), kind)
    assert opened(drawn.data).convert("RGBA").getpixel((9, 9))[3] == 0
    assert opened(drawn.thumb).convert("RGBA").getpixel((9, 9))[3] == 0


def test_a_transparent_colour_of_a_palette_stays_so(make):
    drawn = draw(make.picture(mode="P", transparency=0), "PNG")
    assert opened(drawn.data).convert("RGBA").getpixel((0, 0))[3] == 0


def test_a_printers_colours_become_a_screens(make):
    seen = opened(draw(make.picture("JPEG", mode="CMYK", color=(0, 255, 255, 0)), "JPEG").data)
    red, green, blue = seen.getpixel((0, 0))
    assert seen.mode == "RGB"
    assert red > 200 > 60 > max(green, blue)


def test_a_colour_profile_is_applied_and_dropped(make):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for attached in (
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        profile,
        b"no profile",
    ):
        seen = opened(draw(make.picture("JPEG", color=(200, 60, 20), icc_profile=attached), "JPEG").data)
        assert "icc_profile" not in seen.info
        assert abs(seen.getpixel((0, 0))[0] - 200) < 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_the_right_way_up(orientation):
    source = Image.new("RGB", (64, 32), "blue")
    source.paste("red", (0, 0, 32, 32))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    source.save(out, "JPEG", exif=exif)
    drawn = draw(out.getvalue(), "JPEG")
    left_or_top_is_red = opened(drawn.data).getpixel((4, 4))[0] > 128
    assert (drawn.width, drawn.height) == ((64, 32) if orientation < 5 else (32, 64))
    assert left_or_top_is_red == (orientation in (1, 4, 5, 6))


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_short_animation_goes_on_moving(make, kind):
    seen = opened(draw(make.animation(kind, count=5), kind).data)
    assert (seen.n_frames, seen.info["loop"]) == (5, 0)
    seen.seek(1)
    seen.load()
    assert seen.info["duration"] == 70


@pytest.mark.parametrize(("count", "size"), [(201, (8, 8)), (3, (3_000, 3_000))])
def test_a_long_or_large_animation_stands_still(make, count, size):
    drawn = draw(make.animation("GIF", count=count, size=size), "GIF")
    assert opened(drawn.data).n_frames == 1


def test_what_moves_over_nothing_leaves_no_trace():
    frames = [Image.new("RGBA", (30, 30)) for _ in range(3)]
    for n, frame in enumerate(frames):
        frame.paste("red", (n * 10, 0, n * 10 + 10, 10))
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=50, disposal=2)
    seen = opened(draw(out.getvalue(), "GIF").data)
    shown = []
    for n in range(seen.n_frames):
        seen.seek(n)
        shown.append([seen.convert("RGBA").getpixel((x, 5))[3] > 0 for x in (5, 15, 25)])
    assert shown == [[True, False, False], [False, True, False], [False, False, True]]


def test_a_photograph_of_many_pixels_is_halved_while_it_is_read(make):
    drawn = draw(make.picture("JPEG", size=(7_000, 5_000)), "JPEG")
    assert (drawn.width, drawn.height) == (3_500, 2_500)


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True}), ("JPEG", {"progressive": True})]
)
def test_a_picture_of_too_many_pixels_is_refused_with_its_size(make, kind, options):
    data = make.picture(kind, size=(5_001, 3_200), mode="RGB", **options)
    with pytest.raises(pictures.BadPicture, match=r"at most (16|12) million pixels, got 5001 × 3200"):
        draw(data, kind)


def test_two_pictures_in_one_file_are_the_first(make):
    first, second = Image.new("RGB", (50, 40), "red"), Image.new("RGB", (50, 40), "blue")
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])
    seen = opened(draw(out.getvalue(), "JPEG").data)
    assert (seen.format, seen.getpixel((5, 5))[0] > 200) == ("JPEG", True)
