"""The shop: pages without inline code, the widget's tag, a server that vouches for its customers, and titles that fit."""

import re

import jwt
import pytest
from starlette.testclient import TestClient

from hub.demo import accounts, catalogue, shop
from hub.demo.personas import persona
from hub.demo.titles import title

HUB = "http://localhost:8000"
KEY = "a key of the shop's that is long enough"
PAGES = [
    "/", "/shop", *(f"/shop/{key}" for key in catalogue.CATEGORIES), *(f"/product/{slug}" for slug in catalogue.BY_SLUG),
    "/search?q=blue", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/cart", "/checkout", "/checkout/delivery",
    "/checkout/review", "/checkout/thanks", "/account", "/delivery-and-returns", "/workshop",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> TestClient:
    return TestClient(shop.application(HUB, KEY), base_url="http://127.0.0.1:8001")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_widget_and_no_inline_code(browser, path: str):
    page = browser.get(path)
    assert page.status_code == 200
    assert f'<script async src="{HUB}/widget.js" data-site="demo-shop"></script>' in page.text
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.text, re.DOTALL)
    assert all("src=" in attributes and not code for attributes, code in scripts)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_link_and_picture_leads_somewhere(browser, path: str):
    for target in set(re.findall(r'(?:href|src|action)="(/[^"]*)"', browser.get(path).text)):
        if target not in ("/account/log-in", "/account/log-out"):
            assert browser.get(target).status_code == 200, target


def test_the_policy_lets_only_the_shop_and_the_hub_in(browser):
    policy = browser.get("/").headers["content-security-policy"]
    assert f"script-src 'self' {HUB};" in policy
    assert "ws://localhost:8000" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_the_shop_signs_who_is_logged_in(browser):
    json = {"content-type": "application/json"}
    assert browser.post("/account/token", content="{}", headers=json).status_code == 401
    browser.post("/account/log-in", content="who=lena")
    assert "Hello, Lena" in browser.get("/account").text
    assert 'data-customer="c-1007"' in browser.get("/").text
    token = browser.post("/account/token", content="{}", headers=json).json()["token"]
    claims = jwt.decode(token, KEY, algorithms=["HS256"], audience=accounts.SITE)
    assert (claims["sub"], claims["name"]) == ("c-1007", "Lena Vogel")
    assert claims["exp"] - claims["iat"] <= 3600
    assert browser.post("/account/token", content="{}").status_code == 401, (
        "a form of another site gets nothing"
    )
    browser.post("/account/log-out")
    assert "Log in as Lena" in browser.get("/account").text


def test_a_page_that_does_not_exist_says_so_in_the_shops_own_way(browser):
    for path in ("/nothing", "/product/nothing", "/shop/nothing"):
        page = browser.get(path)
        assert page.status_code == 404
        assert "Not on this shelf" in page.text
    assert browser.get("/files/../shop.py").status_code == 404


def test_simulated_visitors_tell_the_titles_that_pages_have(browser):
    paths = {path for number in range(20) for path in persona(number).path}
    for path in paths:
        said = re.search(r"<title>(.*?)</title>", browser.get(path).text)
        assert said is not None
        assert said[1].replace("&amp;", "&") == title(path), path


def test_the_search_finds_words_wherever_they_are():
    assert [piece.slug for piece in catalogue.search("blue vase")] == ["blue-vase"]
    assert catalogue.search("no such thing") == []
    assert catalogue.search("  ") == []
