"""Two plugins that register the same name or route clash: the second is quarantined, and both owners are named."""

import pytest

from amutorrent import Changes

from .makers import action, assert_quarantined, blueprint, client_type, load, operations, services, surfaces, types


async def no_poll(self):
    return Changes()


# each plugin here also registers something that fits, to see that it goes too
@pytest.mark.parametrize(
    ("hooks", "reasons"),
    [
        ([types(client_type("example"))], ["client type 'example'", "by example"]),
        ([operations(action("fastForward"))], ["operation 'fastForward'", "by example"]),
        ([operations(action("batchPause"))], ["operation 'batchPause'", "by the host"]),
        ([operations(action("own", "POST /api/v1/downloads/pause"))], ["/api/v1/downloads/pause", "of the host"]),
        ([operations(action("own", "GET /api/item/files/{other}"))], ["{other}", "{hash} of the host"]),
        ([operations(action("own", "GET /api/item/files/all"))], ["/api/item/files/all", "of the host"]),
        ([operations(action("own", "POST /api/v1/example/fast-forward"))], ["fast-forward of example"]),
        ([surfaces(blueprint("own", "/health"))], ["GET /health clashes with /health of the host"]),
        ([surfaces(blueprint("own", "/<path:rest>"))], ["GET /<path:rest>", "of the host"]),
        ([types(client_type("own"), client_type("own"))], ["client type 'own'", "by itself"]),
        ([operations(action("own"), action("own"))], ["operation 'own'", "by itself"]),
        ([surfaces(blueprint("own", "/a"), blueprint("own", "/b"))], ["surface 'own'", "by itself"]),
        ([surfaces(blueprint("own", "/a/<int:id>", "/a/<name>"))], ["GET /a/<name>", "of itself"]),
        ([operations(action("own", "GET /own")), surfaces(blueprint("own", "/own"))], ["GET /own", "of itself"]),
    ],
)
def test_what_clashes_is_refused_with_both_owners(caplog, plugin, hooks, reasons):
    names = {hook.__name__ for hook in hooks}
    fitting = types(client_type("fits")) if "register_client_types" not in names else services(no_poll)
    assert_quarantined(caplog, plugin("zclash", *hooks, fitting), *reasons)


def test_routes_that_differ_in_method_or_length_do_not_clash(plugin):
    made = plugin(
        "fits",
        operations(action("own", "PUT /api/v1/downloads/pause"), action("more", "POST /api/v1/downloads/pause/more")),
        surfaces(blueprint("own", "/own", methods=["POST"]), blueprint("other", "/own")),
    )
    plugins = load(made)
    assert [each.state for each in plugins.table] == ["loaded", "loaded"]
    assert plugins.table[1].provides.surfaces == ["own", "other"]


def test_the_first_by_name_wins_and_the_second_is_named_with_it(caplog, plugin):
    late, early = plugin("late", types(client_type("same"))), plugin("early", types(client_type("same")))
    plugins = load(late, early)
    assert plugins.unavailable == {"late": "its client type 'same' is already registered by early"}
    assert plugins.client_types["same"].__name__ == "Same"
