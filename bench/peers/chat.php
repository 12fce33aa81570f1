<?php
// The peer in PHP: a persistent connection per process, prepared statements; mod_php and php-fpm run the same.
$shape = require __DIR__ . '/shape.php';
$db = pg_pconnect('host=' . $shape['socket'] . ' dbname=bench user=chatsession');

function run($db, $name, $sql, $args)
{
    $result = @pg_execute($db, $name, $args);
    if (!$result) {
        pg_prepare($db, $name, $sql);
        $result = pg_execute($db, $name, $args);
    }
    return pg_fetch_row($result);
}

function args($columns, $body, $out)
{
    foreach ($columns as $c) {
        $v = $body[$c['name']] ?? null;
        if ($v === null) {
            $v = $c['type'] === 'text' ? '' : ($c['type'] === 'bool' ? 'false' : ($c['type'] === 'timestamp' ? null : $c['unset']));
        } elseif ($c['key']) {
            $v = $v[$c['key']] ?? $c['unset'];
        } elseif (is_bool($v)) {
            $v = $v ? 'true' : 'false';
        } elseif (is_string($v) && isset($c['words'][$v])) {
            $v = $c['words'][$v];
        }
        $out[] = $v;
    }
    return $out;
}

$user = $_SERVER['REMOTE_USER'] ?? '';
$uri = $_SERVER['REQUEST_URI'];
$full = strncmp($uri, '/full', 5) === 0;
$id = substr($uri, strrpos($uri, '/') + 1);
$method = $_SERVER['REQUEST_METHOD'];
if ($method === 'GET') {
    $row = run($db, 'get', $shape['get'], [$user, $id]);
} elseif ($method === 'PUT') {
    $row = run($db, 'put', $shape['put'], args($shape['columns'], json_decode(file_get_contents('php://input'), true), [$user, $id]));
} else {
    $row = run($db, 'post', $shape['post'], args($shape['columns'], json_decode(file_get_contents('php://input'), true), [$user]));
}
if (!$row) {
    http_response_code(404);
    exit;
}
$etag = '"' . $row[0] . '"';
header('ETag: ' . $etag);
header('Cache-Control: no-store');
if ($method === 'GET' && ($_SERVER['HTTP_IF_NONE_MATCH'] ?? '') === $etag) {
    http_response_code(304);
    exit;
}
header('Content-Type: application/json; charset=utf-8');
$text = $full ? full($row) : none($row);
header('Content-Length: ' . strlen($text));
echo $text;
