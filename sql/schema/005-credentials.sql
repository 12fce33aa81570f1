-- Tickets and web sessions that the module itself issued.
--
-- Secrets are never stored: digest and xsrf are SHA-256 sums of random texts of 240 bits, so that who reads this table
-- can log in as nobody.  login is what httpd called the user when he authenticated; which associate that is, each
-- statement finds out anew.  Times are instants, unlike those of sessions.

CREATE TABLE credential (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('ticket', 'session')),
    login       varchar(239) NOT NULL,
    digest      bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    xsrf        bytea CHECK (octet_length(xsrf) = 32),
    valid_from  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    last_used   timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind = 'session') = (xsrf IS NOT NULL))
);
CREATE INDEX credential_login ON credential (lower(login), kind, valid_from);
CREATE INDEX credential_expires ON credential (expires_at);
COMMENT ON COLUMN credential.digest IS 'SHA-256 of the ticket or of the session''s cookie';
COMMENT ON COLUMN credential.xsrf IS 'SHA-256 of the session''s XSRF value';
COMMENT ON COLUMN credential.last_used IS 'to the minute';

-- The module issues, extends and ends credentials; it cannot turn one into another.
