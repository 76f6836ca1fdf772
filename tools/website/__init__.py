"""Build the site: the whole course as files that any web server can serve, run by the browser."""
