"""What browser libraries ask for before they send anything: descriptions of a source, in the two families' own shapes.

Neither is documented as an interface; both were read from what the libraries look at, and are tested with the libraries themselves. Everything
that would send events elsewhere is absent.
"""

from typing import Any
from urllib.parse import urlsplit


def segment(write_key: str, public_url: str) -> dict[str, Any]:
    """`/v1/projects/KEY/settings`: send to us, and to nobody else."""
    address = urlsplit(public_url)
    return {
        "integrations": {
            "Segment.io": {
                "apiKey": write_key,
                "apiHost": f"{address.netloc}/v1",
                "protocol": address.scheme,
                "unbundledIntegrations": [],
                "addBundledMetadata": False,
            }
        },
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        "edgeFunction": {},
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
        "autoInstrumentationSettings": {"sampleRate": 0},
    }


def rudder(write_key: str, connection: str, public_url: str) -> dict[str, Any]:
    """`/sourceConfig`: an enabled source without destinations."""
    return {
        "source": {
            "id": connection,
            "name": connection,
            "writeKey": write_key,
            "enabled": True,
            "workspaceId": "hub",
            "config": {
                "statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}},
            },
            "destinations": [],
            "dataplanes": {"DEFAULT": [{"url": public_url, "default": True}]},
            "updatedAt": "2026-01-01T00:00:00.000Z",
        },
        "updatedAt": "2026-01-01T00:00:00.000Z",
    }
