"""Talks on the page of docs/own-service.md as its end-to-end tests would: `python -m tests.driving URL`."""

import sys

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser import browser
from tests.running import HANG_S

ROOMS = ("lobby", "lobby", "kitchen")
"""The room of each tab."""
SAID = ((0, "hello"), (1, "good evening"), (2, "is there coffee?"), (0, "all well?"), (2, "two cups"), (1, "yes"))
"""Which tab says what."""


def fill(page: WebDriver, name: str, text: str, form: str) -> None:
    """Write into a field, and send its form."""
    field = page.find_element(By.ID, name)
    field.clear()
    field.send_keys(text)
    page.find_element(By.CSS_SELECTOR, f"#{form} button").click()


def heard(page: WebDriver) -> list[str]:
    """What a tab shows."""
    return [item.text for item in page.find_elements(By.CSS_SELECTOR, "#said li")]


def drive(url: str) -> None:
    """Enter the rooms, say everything, and wait until each tab has what was said in its room."""
    with browser() as page:
        wait = WebDriverWait(page, HANG_S)
        tabs = []
        for number, room in enumerate(ROOMS):
            if number:
                page.switch_to.new_window("tab")
            tabs.append(page.current_window_handle)
            page.get(url)
            fill(page, "room", room, "entry")
            wait.until(lambda page, room=room: page.title == f"In {room}")
        for tab, text in SAID:
            page.switch_to.window(tabs[tab])
            fill(page, "text", text, "talk")
            wait.until(lambda page, text=text: text in heard(page))
        for tab, room in zip(tabs, ROOMS, strict=True):
            page.switch_to.window(tab)
            wanted = [text for number, text in SAID if ROOMS[number] == room]
            wait.until(lambda page, wanted=wanted: heard(page) == wanted)


if __name__ == "__main__":
    drive(sys.argv[1])
