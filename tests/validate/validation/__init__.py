"""Checks of a finished site: HTML, feeds, sitemaps, API, links and what must not be there.

`site` knows the output folder and its URLs, `report` collects what a check
found, `page` reads one HTML page. Every other module is one check, or one
part of a check, over these three.
"""
