"""What the Blue Vase sells. Each product has a picture of its own in files/, drawn for it."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One piece. `price` in whole euros; `slug` names its page and its picture; `tone` the ground it is shown on."""

    slug: str
    name: str
    category: str
    price: int
    tone: str
    line: str
    story: str
    size: str
    glaze: str
    stock: str


CATEGORIES: Mapping[str, str] = MappingProxyType(
    {"vases": "Vases", "tea-and-coffee": "Tea & coffee", "table": "For the table"}
)

PRODUCTS = (
    Product(
        slug="blue-vase",
        name="Blue Vase",
        category="vases",
        price=84,
        tone="sky",
        line="The one we are named after: cobalt, with a branch brushed by hand.",
        story="Thrown in one piece, dipped twice, and painted with a brush of three hairs before the second firing. "
        "No two branches are alike; yours will lean a little to one side.",
        size="31 cm high, 23 cm wide",
        glaze="Cobalt over white stoneware",
        stock="3 in the workshop",
    ),
    Product(
        slug="moon-jar",
        name="Moon jar",
        category="vases",
        price=148,
        tone="dusk",
        line="Two bowls joined at the rim, as Korean potters have done for three hundred years.",
        story="The seam stays visible if you know where to look. It holds branches, or nothing at all.",
        size="28 cm high, 32 cm wide",
        glaze="Milk white, unpolished foot",
        stock="Made to order, three weeks",
    ),
    Product(
        slug="tall-bottle",
        name="Tall bottle",
        category="vases",
        price=62,
        tone="sage",
        line="A long neck for a single stem, in the green of old celadon.",
        story="Iron in the glaze and a fire short of air turn it from grey to green, never twice the same.",
        size="36 cm high, 16 cm wide",
        glaze="Celadon",
        stock="8 in the workshop",
    ),
    Product(
        slug="bud-vase",
        name="Bud vase",
        category="vases",
        price=24,
        tone="sand",
        line="For the one flower you picked on the way home.",
        story="Small enough for a window sill and heavy enough to stay there when the cat comes by.",
        size="14 cm high, 9 cm wide",
        glaze="Ochre over red clay",
        stock="21 in the workshop",
    ),
    Product(
        slug="morning-cup",
        name="Morning cup",
        category="tea-and-coffee",
        price=22,
        tone="sky",
        line="No handle: it tells you when the coffee is cool enough to drink.",
        story="Dipped to the waist by hand, so that the line between glaze and clay is yours alone.",
        size="9 cm high, holds 220 ml",
        glaze="Cobalt on raw stoneware",
        stock="34 in the workshop",
    ),
    Product(
        slug="harbour-mug",
        name="Harbour mug",
        category="tea-and-coffee",
        price=28,
        tone="rose",
        line="A big mug with a proper handle, room for four fingers.",
        story="The stripes are drawn while the wheel turns, with one breath each.",
        size="11 cm high, holds 380 ml",
        glaze="White with blue slip",
        stock="17 in the workshop",
    ),
    Product(
        slug="rain-teapot",
        name="Rain teapot",
        category="tea-and-coffee",
        price=112,
        tone="sage",
        line="Pours without a drop on the cloth; we test each one.",
        story="The strokes are cut through the black slip while it is damp. The bamboo handle can be replaced.",
        size="19 cm high with handle, holds 900 ml",
        glaze="Black slip, tea-dust glaze inside",
        stock="2 in the workshop",
    ),
    Product(
        slug="breakfast-bowl",
        name="Breakfast bowl",
        category="table",
        price=26,
        tone="dusk",
        line="Porridge, soup, the last of the cherries.",
        story="A high foot keeps hot soup off the hand that holds it.",
        size="8 cm high, 16 cm wide",
        glaze="Oat with iron speckles",
        stock="40 in the workshop",
    ),
    Product(
        slug="orchard-bowl",
        name="Orchard bowl",
        category="table",
        price=58,
        tone="sand",
        line="Wide and low, for the middle of the table.",
        story="Red clay from the pit behind the workshop, with a rim of cream slip that runs as it likes.",
        size="11 cm high, 29 cm wide",
        glaze="Cream slip on red clay",
        stock="6 in the workshop",
    ),
    Product(
        slug="everyday-plate",
        name="Everyday plate",
        category="table",
        price=34,
        tone="rose",
        line="The plate that is always on top of the pile.",
        story="Pressed, not thrown, so that they stack. The dishwasher does them no harm.",
        size="26 cm wide",
        glaze="Winter sky, speckled",
        stock="52 in the workshop",
    ),
)

BY_SLUG: Mapping[str, Product] = MappingProxyType({product.slug: product for product in PRODUCTS})


def in_category(key: str) -> list[Product]:
    """Products of one category, in the order of the catalogue."""
    return [product for product in PRODUCTS if product.category == key]


def search(words: str) -> list[Product]:
    """Products that contain every word somewhere in what is said about them."""
    wanted = words.casefold().split()
    return [product for product in PRODUCTS if wanted and all(word in _text(product) for word in wanted)]


def _text(product: Product) -> str:
    said = (product.name, CATEGORIES[product.category], product.line, product.story, product.glaze)
    return " ".join(said).casefold()
