"""Plugins are found, loaded alone, checked, and keep their reasons; two registries share nothing."""

import textwrap
import time
from pathlib import Path

import pytest

from hub.registry import Registry, StrictError

CHANNEL = """
import hub
class {name}(hub.Channel):
    kind = "{kind}"
@hub.hookimpl
def hub_register_channels(register):
    register({name})
"""


def channel(kind: str, name: str = "Acme") -> str:
    return CHANNEL.format(kind=kind, name=name)


@pytest.fixture
def load(tmp_path):
    """`load(a=source, b=source)` → a registry with these single-file plugins, in this order."""

    def run(deadline: float = 1.0, **sources: str) -> Registry:
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(textwrap.dedent(source))
        registry = Registry(paths=[], now=lambda: 7, deadline=deadline)
        registry.load([tmp_path / f"{name}.py" for name in sources])
        return registry

    return run


def why(registry: Registry, name: str) -> str:
    health = registry.plugins[name].health
    assert health.state == "failed"
    assert health.since == 7
    return health.why


def test_a_plugin_that_registers_is_enabled(load):
    registry = load(acme=channel("acme"))
    assert registry.plugins["acme"].health.state == "enabled"
    assert list(registry.channels) == ["acme"]
    assert registry.settings_types["acme"] is registry.channels["acme"].settings
    assert registry.plugin_of("acme") == "acme"
    assert registry.plugin_of("none") == ""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "it failed while being imported: ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "it failed while being imported: SystemExit: 3"),
        ("raise KeyboardInterrupt", "it failed while being imported: KeyboardInterrupt"),
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        ("def (", "SyntaxError"),
        ("import time; time.sleep(60)", "it was not done being imported after 1 seconds"),
        ("", "it has no function marked with @hub.hookimpl"),
        ("def hub_register_channels(register): pass", "not marked with @hub.hookimpl"),
        (
            "import hub\n@hub.hookimpl\ndef hub_register_chanels(register): pass",
            "did you mean hub_register_channels?",
        ),
        ("import hub\n@hub.hookimpl\ndef hub_register_channels(register, more): pass", "more"),
        ("import hub\n@hub.hookimpl\ndef hub_register_channels(register): 1 / 0", "failed while registering"),
        (
            "import hub, time\n@hub.hookimpl\ndef hub_register_channels(register): time.sleep(60)",
            "it was not done registering after 1 seconds",
        ),
        ("hub_contract = '2.0'\n" + channel("acme"), "written for contract 2.0"),
        ("hub_contract = 1\n" + channel("acme"), "hub_contract must be a version"),
    ],
)
def test_a_plugin_fails_alone_and_keeps_its_reason(load, source, reason):
    registry = load(bad=source, good=channel("good"))
    assert reason in why(registry, "bad")
    assert list(registry.channels) == ["good"]


def test_the_traceback_of_a_failure_is_kept(load):
    registry = load(bad="def deep():\n    return {}['x']\ndeep()")
    assert "in deep" in registry.plugins["bad"].health.traceback


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("kind = 'Acme'", "Acme.kind: expected a word of lower-case letters, digits and _, got 'Acme'"),
        ("kind = 7", "got 7"),
        ("pass", "Acme.kind: expected a word"),
        ("kind = 'acme'; settings = dict", "Acme.settings: expected a subclass of hub.Settings"),
        ("kind = 'acme'; settings = Clash", "Clash.enabled: this name is the hub's own in hub.toml"),
        ("kind = 'acme'; weighs = 'fax'", 'Acme.weighs: expected "call", "chat" or "mail", got \'fax\''),
        ("kind = 'acme'\n    def run(self, context): pass", "Acme.run: expected `async def`"),
        ("kind = 'acme'\n    async def deliver(self, message): pass", "cannot take the 2 arguments it gets"),
    ],
)
def test_a_channel_is_checked_before_it_counts(load, body, reason):
    source = f"""\
import hub
class Clash(hub.Settings):
    enabled: bool = True
class Acme(hub.Channel):
    {body}
@hub.hookimpl
def hub_register_channels(register):
    register(Acme)
"""
    registry = load(bad=source)
    assert reason in why(registry, "bad")
    assert registry.channels == {}


FEATURE = """\
import hub
class Acme(hub.Channel):
    kind = "acme"
class Bell(hub.PageFeature):
    name = "bell"
    channel = "acme"
    {body}
@hub.hookimpl
def hub_register_channels(register):
    register(Acme)
@hub.hookimpl
def hub_register_page_features(register):
    register(Bell)
"""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("frames = ('ring',)", "Bell.frames: expected names such as \"bell.ring\", got 'ring'"),
        ("frames = ('text.say',)", "got 'text.say'"),
        ("frames = 'bell.ring'", "expected a list or tuple of str, got 'bell.ring'"),
        ("frames = 7", "expected a list or tuple of str, got 7"),
        ("channel = ['bell']", "Bell.channel: expected a word"),
        ("script = 7", "Bell.script: expected a name of a file, got 7"),
        ("files = (7,)", "Bell.files: expected a list or tuple of str"),
        ("def offer(self, visit, context): pass", "Bell.offer: expected `async def`"),
        ("async def on_frame(self, frame): pass", "Bell.on_frame: cannot take the 3 arguments"),
        ("script = 'none.js'", "cannot be read from its package"),
        ("script = '../secret.js'", "must be a path inside the package"),
        ("script = '/etc/x.js'", "must be a path inside the package"),
        ("script = 'bad.py'", "must be a path inside the package ending in .js"),
        ("channel = 'fax'", "no plugin supplies a channel of kind 'fax'"),
    ],
)
def test_a_page_feature_is_checked_before_it_counts(load, body, reason):
    registry = load(bad=FEATURE.format(body=body))
    assert reason in why(registry, "bad")
    assert (registry.features, registry.channels, registry.assets) == ({}, {}, {})


def test_a_features_files_are_read_once_with_a_version_of_their_content(load, tmp_path):
    (tmp_path / "bell.js").write_text("export default () => {};")
    (tmp_path / "secret.js").write_text("not declared")
    registry = load(bell=FEATURE.format(body="script = 'bell.js'; frames = ('bell.ring',)"))
    (asset,) = registry.assets.values()
    assert (asset.path, asset.content) == ("bell/bell.js", b"export default () => {};")
    assert len(asset.version) == 16


def test_a_second_supplier_of_a_kind_is_at_fault(load):
    registry = load(first=channel("acme"), second=channel("acme", "Other") + "", third=channel("other"))
    assert why(registry, "second") == "the channel kind 'acme' is already supplied by first"
    assert registry.channels["acme"].__name__ == "Acme"
    assert list(registry.channels) == ["acme", "other"]


def test_a_second_plugin_of_the_same_name_is_at_fault(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "acme.py").write_text(channel(folder))
    registry = Registry(paths=[])
    registry.load([tmp_path / "a" / "acme.py", tmp_path / "b" / "acme.py"])
    states = [plugin.health.state for plugin in registry.plugins.values()]
    assert states == ["enabled", "failed"]
    assert list(registry.channels) == ["a"]


def test_a_file_that_is_not_there_says_so(tmp_path):
    registry = Registry(paths=[], now=lambda: 7)
    registry.load([tmp_path / "none.py"])
    assert "does not exist; see plugins.files in hub.toml" in why(registry, "none")


def test_a_disabled_plugin_is_found_and_not_imported(tmp_path):
    (tmp_path / "acme.py").write_text("1 / 0")
    registry = Registry(paths=[])
    registry.load([tmp_path / "acme.py"], disabled=["acme"])
    assert registry.plugins["acme"].health.state == "found"
    assert registry.plugins["acme"].health.well


def test_strict_makes_any_trouble_fatal_and_lists_it_all(tmp_path):
    for name, source in {"a": "1 / 0", "b": "x", "c": channel("acme")}.items():
        (tmp_path / f"{name}.py").write_text(source)
    with pytest.raises(StrictError) as error:
        Registry(paths=[]).load([tmp_path / f"{name}.py" for name in "abc"], strict=True)
    assert "ZeroDivisionError" in str(error.value)
    assert "NameError" in str(error.value)


def test_two_registries_live_side_by_side(load, tmp_path):
    one, two = load(acme=channel("acme")), Registry(paths=[])
    two.load([])
    assert list(one.channels) == ["acme"]
    assert dict(two.channels) == {}


def test_an_installed_plugin_is_found_by_its_entry_point(tmp_path, monkeypatch):
    info = tmp_path / "acme_thing-3.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-thing\nVersion: 3.1\n")
    (info / "entry_points.txt").write_text("[touchpoint_hub]\nthing = acme_thing\nbroken = acme_none\n")
    (tmp_path / "acme_thing.py").write_text(channel("thing"))
    monkeypatch.syspath_prepend(str(tmp_path))
    registry = Registry(paths=[str(tmp_path)], now=lambda: 7)
    registry.load()
    assert registry.plugins["thing"].source == "acme-thing 3.1"
    assert "No module named 'acme_none'" in why(registry, "broken")
    assert list(registry.channels) == ["thing"]


def test_a_hanging_plugin_costs_its_deadline_and_no_more(load):
    started = time.monotonic()
    registry = load(0.3, a="import time; time.sleep(60)", b=channel("b"))
    assert time.monotonic() - started < 2
    assert list(registry.channels) == ["b"]


def test_the_bundled_text_plugin_comes_through_the_same_door():
    source = Path(__file__).resolve().parents[2] / "plugins" / "hub_text" / "__init__.py"
    registry = Registry(paths=[])
    registry.load([source], strict=True)
    assert list(registry.features) == ["text"]
