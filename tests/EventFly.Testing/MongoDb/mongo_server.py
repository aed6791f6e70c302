#!/usr/bin/python3
"""A MongoDB for tests: speaks OP_MSG on loopback, keeps documents in mongomock, and breaks on request.

Not a database: nothing is stored on disk, and everything is one process. It is here to be a replica set that steps down, loses answers, answers slowly or not
at all, asks for passwords and certificates, and remembers numbered writes as a real one does. Orders come as JSON lines on standard input; it ends when that does.
"""
import argparse
import asyncio
import base64
import bisect
import collections
import copy
import datetime
import hashlib
import hmac
import json
import os
import ssl
import struct
import sys

import bson
import mongomock
import mongomock.collection
from bson.binary import STANDARD, Binary
from bson.codec_options import CodecOptions
from bson.int64 import Int64
from bson.objectid import ObjectId
from mongomock.filtering import filter_applies

OPTIONS = CodecOptions(uuid_representation=STANDARD)
OP_MSG = 2013
NOT_PRIMARY = 10107
WRITES = {"insert", "update", "delete", "findAndModify"}
ANYWHERE = {"replSetInitiate", "hello", "isMaster", "ismaster", "ping", "saslStart", "saslContinue", "endSessions", "buildInfo"}
WITHOUT_SIGNING_IN = {"hello", "isMaster", "ismaster", "saslStart", "saslContinue", "ping"}

# What mongomock would check by encoding each document once more has been decoded from BSON a moment ago.
mongomock.collection.BSON = None


def narrow(self, filter):
    """The documents that can match: by _id where the filter names one or a range of texts, else all."""
    store = self._store
    wanted = filter.get("_id") if isinstance(filter, dict) else None
    if isinstance(wanted, str):
        return (d for d in ([store._documents[wanted]] if wanted in store._documents else []) if filter_applies(filter, d))
    if isinstance(wanted, dict) and set(wanted) <= {"$gt", "$gte", "$lt", "$lte"} and all(isinstance(v, str) for v in wanted.values()):
        ids = getattr(store, "_sorted", None)
        if ids is None or len(ids) != len(store._documents):
            ids = store._sorted = sorted(k for k in store._documents if isinstance(k, str))
        if len(ids) == len(store._documents):
            low = min([bisect.bisect_left(ids, v) for k, v in wanted.items() if k[1] == "g"] or [0])
            high = max([bisect.bisect_right(ids, v) for k, v in wanted.items() if k[1] == "l"] or [len(ids)])
            return (store._documents[k] for k in ids[low:high] if k in store._documents and filter_applies(filter, store._documents[k]))
    return (d for d in list(store._documents.values()) if filter_applies(filter, d))


def remember(self, key, value):
    ids = getattr(self, "_sorted", None)
    if ids is not None and key not in self._documents and isinstance(key, str):
        bisect.insort(ids, key)
    self._documents[key] = value


def forget(self, key):
    del self._documents[key]
    self._sorted = None


ensure_uniques = mongomock.collection.Collection._ensure_uniques


def ensure_and_tell(self, document):
    try:
        ensure_uniques(self, document)
    except mongomock.DuplicateKeyError:
        self._store.violating = copy.deepcopy(document)
        raise


mongomock.collection.Collection._ensure_uniques = ensure_and_tell
mongomock.collection.Collection._iter_documents = narrow
mongomock.store.CollectionStore.__setitem__ = remember
mongomock.store.CollectionStore.__delitem__ = forget


class Failure(Exception):
    def __init__(self, code, name, message, **more):
        super().__init__(message)
        self.reply = {"ok": 0.0, "errmsg": message, "code": code, "codeName": name, **more}


class Closed(Exception):
    """The connection ends without an answer."""


class Deployment:
    """All members share one memory: what the primary has, a majority has."""

    def __init__(self, args):
        self.args = args
        self.client = mongomock.MongoClient()
        self.members = []
        self.primary = 0 if args.set and not args.replSet else None
        self.term = 1
        self.version = 1
        self.process = ObjectId()
        self.changed = asyncio.Event()
        self.faults = []
        self.answers = collections.OrderedDict()
        self.counts = collections.Counter()
        self.log = collections.deque(maxlen=20000)
        self.logged = 0
        self.news = asyncio.Event()
        self.cursors = {}
        self.last_cursor = 1000
        self.transactions = {}
        self.slow = 0.0
        self.slow_command = None

    def bump(self):
        self.version += 1
        old, self.changed = self.changed, asyncio.Event()
        old.set()

    def step_down(self, pause):
        before = self.primary
        self.primary = None
        self.bump()

        def elect():
            up = [m.index for m in self.members if m.is_up]
            others = [i for i in up if i != before]
            if up:
                self.primary = (others or up)[0]
                self.term += 1
                self.bump()

        asyncio.get_running_loop().call_later(pause, elect)

    def record(self, event):
        self.logged += 1
        event["_id"] = {"_data": "%016x" % self.logged}
        self.log.append((self.logged, event))
        old, self.news = self.news, asyncio.Event()
        old.set()

    def take_fault(self, kind, command):
        for fault in self.faults:
            if fault["do"] == kind and fault.get("command") in (None, command):
                fault["count"] -= 1
                if fault["count"] <= 0:
                    self.faults.remove(fault)
                self.counts["faults"] += 1
                return fault
        return None


class Member:
    def __init__(self, deployment, index):
        self.deployment = deployment
        self.index = index
        self.is_up = True
        self.is_silent = False
        self.healed = asyncio.Event()
        self.writers = set()
        self.server = None
        self.port = 0

    @property
    def name(self):
        return "127.0.0.1:%d" % self.port

    async def listen(self):
        a = self.deployment.args
        context = None
        if a.tls_certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(a.tls_certificate)
            if a.tls_client_ca:
                context.load_verify_locations(a.tls_client_ca)
                context.verify_mode = ssl.CERT_REQUIRED
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port, ssl=context)
        self.port = self.server.sockets[0].getsockname()[1]

    def hello(self):
        d = self.deployment
        if d.args.replSet and d.primary is None:
            return {"isWritablePrimary": False, "isreplicaset": True, "minWireVersion": 0, "maxWireVersion": d.args.wire, "ok": 1.0}
        reply = {
            "helloOk": True, "maxBsonObjectSize": 16777216, "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000,
            "localTime": now(), "minWireVersion": 0, "maxWireVersion": d.args.wire, "readOnly": False, "ok": 1.0,
            "logicalSessionTimeoutMinutes": 30,
        }
        if d.args.set:
            is_primary = d.primary == self.index
            reply.update({
                "isWritablePrimary": is_primary, "secondary": not is_primary, "setName": d.args.set, "setVersion": 1,
                "hosts": [m.name for m in d.members], "me": self.name,
                "topologyVersion": {"processId": d.process, "counter": Int64(d.version)},
            })
            if d.primary is not None:
                reply["primary"] = d.members[d.primary].name
            if is_primary:
                reply["electionId"] = ObjectId("7fffffff%016x" % d.term)
        else:
            reply["isWritablePrimary"] = True
            if d.args.mongos:
                reply["msg"] = "isdbgrid"
        return reply

    async def serve(self, reader, writer):
        self.writers.add(writer)
        connection = {"in": not self.deployment.args.user, "sasl": None}
        self.deployment.counts["connections"] += 1
        try:
            while True:
                header = await reader.readexactly(16)
                length, request, _, code = struct.unpack("<iiii", header)
                body = await reader.readexactly(length - 16)
                while self.is_silent:
                    await self.healed.wait()
                if code != OP_MSG:
                    return
                reply = await self.answer(parse(body), connection)
                data = b"\0\0\0\0\0" + bson.encode(reply, codec_options=OPTIONS)
                while self.is_silent:
                    await self.healed.wait()
                writer.write(struct.pack("<iiii", 16 + len(data), 1, request, OP_MSG) + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, Closed, ssl.SSLError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def answer(self, command, connection):
        d = self.deployment
        name = next(iter(command))
        d.counts[name] += 1
        try:
            if name in ("hello", "isMaster", "ismaster"):
                return await self.say_hello(command)
            if d.slow and d.slow_command in (None, name):
                await asyncio.sleep(d.slow)
            if d.take_fault("drop-requests", name):
                raise Closed()
            fault = d.take_fault("fail", name)
            if fault:
                raise Failure(fault["code"], "Asked", "asked to fail", **fault.get("more", {}))
            if d.args.user and not connection["in"] and name not in WITHOUT_SIGNING_IN:
                raise Failure(13, "Unauthorized", "command %s requires authentication" % name)
            if d.args.set and d.primary != self.index and name not in ANYWHERE:
                more = {"topologyVersion": {"processId": d.process, "counter": Int64(d.version)}}
                if "txnNumber" in command:
                    more["errorLabels"] = ["RetryableWriteError"]
                raise Failure(NOT_PRIMARY, "NotWritablePrimary", "not primary", **more)
            reply = await self.remembered(name, command, connection)
            if d.take_fault("drop-replies", name):
                raise Closed()
            return reply
        except Failure as failure:
            return failure.reply
        except (mongomock.OperationFailure, NotImplementedError, ValueError, TypeError, KeyError) as error:
            print("%s: %r" % (name, error), file=sys.stderr)
            return {"ok": 0.0, "errmsg": "%s: %s" % (type(error).__name__, error), "code": 2, "codeName": "BadValue"}

    async def say_hello(self, command):
        d = self.deployment
        known = command.get("topologyVersion")
        if d.args.set and known and known["processId"] == d.process and known["counter"] == d.version:
            try:
                await asyncio.wait_for(d.changed.wait(), command.get("maxAwaitTimeMS", 0) / 1000)
            except asyncio.TimeoutError:
                pass
        while self.is_silent:
            await self.healed.wait()
        return self.hello()

    async def remembered(self, name, command, connection):
        d = self.deployment
        key = None
        if "txnNumber" in command and "autocommit" not in command:
            if not d.args.set and not d.args.mongos:
                raise Failure(20, "IllegalOperation", "Transaction numbers are only allowed on a replica set member or mongos")
            key = (command["lsid"]["id"], command["txnNumber"])
            if key in d.answers:
                d.counts["recognised"] += 1
                return d.answers[key]
        self.begin_transaction(command)
        reply = await self.execute(name, command, connection)
        if key:
            d.answers[key] = reply
            if len(d.answers) > 10000:
                d.answers.popitem(last=False)
        return reply

    def begin_transaction(self, command):
        if command.get("startTransaction"):
            d = self.deployment
            stores = d.client[command["$db"]]._store._collections
            d.transactions[command["lsid"]["id"]] = (command["$db"], {n: copy.deepcopy(dict(s._documents)) for n, s in stores.items()})

    async def execute(self, name, c, connection):
        d = self.deployment
        db = d.client[c.get("$db", "test")]
        if name == "ping":
            return {"ok": 1.0}
        if name == "replSetInitiate":
            d.primary = 0
            d.bump()
            return {"ok": 1.0}
        if name == "insert":
            return self.insert(db, c)
        if name == "update":
            return self.update(db, c)
        if name == "delete":
            return self.delete(db, c)
        if name == "findAndModify":
            return self.find_and_modify(db, c)
        if name == "find":
            return self.find(db, c)
        if name == "aggregate":
            return self.aggregate(db, c)
        if name == "getMore":
            return await self.get_more(c)
        if name == "killCursors":
            for cursor in c["cursors"]:
                d.cursors.pop(cursor, None)
            return {"ok": 1.0}
        if name == "createIndexes":
            return self.create_indexes(db, c)
        if name == "listIndexes":
            found = [{"v": 2, "name": n, **{k: (dict(v) if k == "key" else v) for k, v in i.items()}} for n, i in db[c[name]]._list_all_indexes()]
            return {"cursor": {"id": Int64(0), "ns": "%s.%s" % (db.name, c[name]), "firstBatch": found}, "ok": 1.0}
        if name == "listCollections":
            found = [{"name": n, "type": "collection"} for n in db.list_collection_names()]
            return {"cursor": {"id": Int64(0), "ns": db.name + ".$cmd.listCollections", "firstBatch": found}, "ok": 1.0}
        if name == "dropDatabase":
            d.client.drop_database(db.name)
            return {"ok": 1.0}
        if name == "drop":
            db.drop_collection(c[name])
            return {"ok": 1.0}
        if name == "commitTransaction":
            d.transactions.pop(c["lsid"]["id"], None)
            return {"ok": 1.0}
        if name == "abortTransaction":
            database, before = d.transactions.pop(c["lsid"]["id"], (None, None))
            if before is not None:
                for n, store in d.client[database]._store._collections.items():
                    store._documents = collections.OrderedDict(before.get(n, {}))
                    store._sorted = None
            return {"ok": 1.0}
        if name == "saslStart":
            return self.sasl_start(c, connection)
        if name == "saslContinue":
            return self.sasl_continue(c, connection)
        if name in ("endSessions", "buildInfo"):
            return {"ok": 1.0, "version": "7.0.0"}
        raise Failure(59, "CommandNotFound", "no such command: '%s'" % name)

    # -- writing

    def duplicate(self, db, coll, document):
        """Which index a document violates, as a server says it."""
        name, field, value = "_id_", "_id", document.get("_id")
        for index, info in coll._store.indexes.items():
            if info.get("unique"):
                key = info["key"][0][0]
                found = get(document, key)
                others = [x for x in coll._store._documents.values() if found is not None and get(x, key) == found and x["_id"] != document.get("_id")]
                if others:
                    name, field, value = index, key, found
        return {
            "code": 11000, "keyPattern": {field: 1}, "keyValue": {field: value},
            "errmsg": "E11000 duplicate key error collection: %s.%s index: %s dup key: { %s: %s }" % (db.name, coll.name, name, field, json.dumps(str(value))),
        }

    def insert(self, db, c):
        coll = db[c["insert"]]
        n, errors = 0, []
        for i, document in enumerate(c["documents"]):
            try:
                coll.insert_one(document)
                n += 1
                self.deployment.record({"operationType": "insert", "ns": {"db": db.name, "coll": coll.name}, "documentKey": {"_id": document["_id"]}, "fullDocument": copy.deepcopy(document)})
            except mongomock.DuplicateKeyError:
                errors.append({"index": i, **self.duplicate(db, coll, document)})
                if c.get("ordered", True):
                    break
        return {"n": n, "ok": 1.0, **({"writeErrors": errors} if errors else {})}

    def change(self, db, coll, query, update, upsert):
        """One document: updated, replaced or inserted whole, or left as it was. Answers with its id, or None."""
        found = next(iter(coll._iter_documents(query)), None)
        if found is None and not upsert:
            return None
        before = copy.deepcopy(found)
        try:
            spec = {"_id": found["_id"]} if found is not None else query
            if next(iter(update), "$").startswith("$"):
                # mongomock does not take the position that $push may have, nor an empty operator.
                result = coll.update_one(spec, {k: v for k, v in update.items() if v}, upsert=upsert)
            else:
                result = coll.replace_one(spec, update, upsert=upsert)
        except mongomock.DuplicateKeyError:
            error = self.duplicate(db, coll, getattr(coll._store, "violating", None) or {"_id": query.get("_id")})
            if before is not None:
                coll._store._documents[before["_id"]] = before
            raise Failure(11000, "DuplicateKey", error["errmsg"], keyPattern=error["keyPattern"])
        key = before["_id"] if before is not None else result.upserted_id
        after = coll._store._documents[key]
        if before is None:
            event = {"operationType": "insert", "fullDocument": copy.deepcopy(after)}
        else:
            event = {"operationType": "update", "updateDescription": {"updatedFields": {k: copy.deepcopy(v) for k, v in after.items() if before.get(k) != v}}}
        if before != after:
            self.deployment.record({**event, "ns": {"db": db.name, "coll": coll.name}, "documentKey": {"_id": key}})
        return key

    def update(self, db, c):
        coll = db[c["update"]]
        n, errors = 0, []
        for i, u in enumerate(c["updates"]):
            try:
                n += 0 if self.change(db, coll, u["q"], u["u"], u.get("upsert", False)) is None else 1
            except Failure as failure:
                errors.append({"index": i, "code": failure.reply["code"], "errmsg": failure.reply["errmsg"], "keyPattern": failure.reply.get("keyPattern", {})})
                break
        return {"n": n, "nModified": n, "ok": 1.0, **({"writeErrors": errors} if errors else {})}

    def find_and_modify(self, db, c):
        coll = db[c["findAndModify"]]
        query = c.get("query", {})
        if c.get("upsert") and next(iter(coll._iter_documents(query)), None) is None and "_id" in query and query["_id"] in coll._store._documents:
            error = self.duplicate(db, coll, {"_id": query["_id"]})
            raise Failure(11000, "DuplicateKey", error["errmsg"], keyPattern=error["keyPattern"])
        key = self.change(db, coll, {"_id": query["_id"]} if "_id" in query and c.get("upsert") and query["_id"] not in coll._store._documents else query, c["update"], c.get("upsert", False))
        return {"value": None if key is None else copy.deepcopy(coll._store._documents[key]), "ok": 1.0}

    def delete(self, db, c):
        coll = db[c["delete"]]
        n = 0
        for one in c["deletes"]:
            result = coll.delete_one(one["q"]) if one["limit"] == 1 else coll.delete_many(one["q"])
            n += result.deleted_count
        return {"n": n, "ok": 1.0}

    def create_indexes(self, db, c):
        coll = db[c["createIndexes"]]
        coll._store.create()
        for index in c["indexes"]:
            info = {"key": [(k, int(v)) for k, v in index["key"].items()], **{k: v for k, v in index.items() if k not in ("key", "name", "v")}}
            known = coll._store.indexes.get(index["name"])
            if known is not None and known != info:
                raise Failure(86, "IndexKeySpecsConflict", "An existing index has the same name as the requested index: %s" % index["name"])
            if known is None:
                coll._store.create_index(index["name"], info)
        return {"ok": 1.0}

    # -- reading

    def cursor(self, ns, documents, size, limit=0):
        size = size or 101
        reply = {"id": Int64(0), "ns": ns, "firstBatch": documents[:size]}
        if len(documents) > size:
            self.deployment.last_cursor += 1
            self.deployment.cursors[self.deployment.last_cursor] = {"rest": documents[size:], "ns": ns}
            reply["id"] = Int64(self.deployment.last_cursor)
        return {"cursor": reply, "ok": 1.0}

    def find(self, db, c):
        found = db[c["find"]].find(c.get("filter", {}), c.get("projection") or None)
        if c.get("sort"):
            found = found.sort(list(c["sort"].items()))
        if c.get("skip"):
            found = found.skip(c["skip"])
        if c.get("limit"):
            found = found.limit(c["limit"])
        return self.cursor("%s.%s" % (db.name, c["find"]), list(found), c.get("batchSize"))

    def aggregate(self, db, c):
        first = c["pipeline"][0] if c["pipeline"] else {}
        if "$changeStream" in first:
            return self.watch(db, c, first["$changeStream"])
        return self.cursor("%s.%s" % (db.name, c["aggregate"]), list(db[c["aggregate"]].aggregate(c["pipeline"])), c.get("cursor", {}).get("batchSize"))

    def watch(self, db, c, options):
        d = self.deployment
        if not d.args.set and not d.args.mongos:
            raise Failure(40573, "Location40573", "The $changeStream stage is only supported on replica sets")
        at = d.logged
        if "resumeAfter" in options:
            at = int(options["resumeAfter"]["_data"], 16)
            oldest = d.log[0][0] if d.log else d.logged + 1
            if at + 1 < oldest and at < d.logged:
                raise Failure(286, "ChangeStreamHistoryLost", "Resume of change stream was not possible")
        d.last_cursor += 1
        ns = "%s.%s" % (db.name, c["aggregate"] if isinstance(c["aggregate"], str) else "$cmd.aggregate")
        d.cursors[d.last_cursor] = {"at": at, "db": db.name, "coll": c["aggregate"], "match": [s["$match"] for s in c["pipeline"] if "$match" in s], "ns": ns, "member": self.index}
        return {"cursor": {"id": Int64(d.last_cursor), "ns": ns, "firstBatch": [], "postBatchResumeToken": {"_data": "%016x" % at}}, "ok": 1.0}

    async def get_more(self, c):
        d = self.deployment
        cursor = d.cursors.get(c["getMore"])
        if cursor is None or cursor.get("member", self.index) != self.index:
            raise Failure(43, "CursorNotFound", "cursor id %d not found" % c["getMore"])
        if "at" not in cursor:
            size = c.get("batchSize") or 101
            batch, cursor["rest"] = cursor["rest"][:size], cursor["rest"][size:]
            if not cursor["rest"]:
                del d.cursors[c["getMore"]]
            return {"cursor": {"id": Int64(c["getMore"] if cursor["rest"] else 0), "ns": cursor["ns"], "nextBatch": batch}, "ok": 1.0}
        loop = asyncio.get_running_loop()
        until = loop.time() + c.get("maxTimeMS", 1000) / 1000
        while True:
            batch = []
            for number, event in d.log:
                if number > cursor["at"] and event["ns"]["db"] == cursor["db"] and cursor["coll"] in (1, event["ns"]["coll"]) and all(filter_applies(m, event) for m in cursor["match"]):
                    batch.append({"_id": event["_id"]})
            cursor["at"] = d.logged
            left = until - loop.time()
            if batch or left <= 0 or d.primary != self.index:
                break
            news, changed = asyncio.ensure_future(d.news.wait()), asyncio.ensure_future(d.changed.wait())
            await asyncio.wait({news, changed}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            changed.cancel()
        if d.args.set and d.primary != self.index:
            raise Failure(NOT_PRIMARY, "NotWritablePrimary", "not primary", errorLabels=["ResumableChangeStreamError"])
        return {"cursor": {"id": Int64(c["getMore"]), "ns": cursor["ns"], "nextBatch": batch, "postBatchResumeToken": {"_data": "%016x" % cursor["at"]}}, "ok": 1.0}

    # -- signing in

    def sasl_start(self, c, connection):
        if c["mechanism"] != "SCRAM-SHA-256":
            raise Failure(2, "BadValue", "only SCRAM-SHA-256")
        bare = c["payload"].decode()[3:]
        parts = dict(p.split("=", 1) for p in bare.split(","))
        salt, iterations = os.urandom(28), 4096
        first = "r=%s,s=%s,i=%d" % (parts["r"] + base64.b64encode(os.urandom(18)).decode(), base64.b64encode(salt).decode(), iterations)
        connection["sasl"] = (parts["n"], bare, first, salt, iterations)
        return {"conversationId": 1, "done": False, "payload": Binary(first.encode()), "ok": 1.0}

    def sasl_continue(self, c, connection):
        user, bare, first, salt, iterations = connection["sasl"]
        wanted, _, password = self.deployment.args.user.partition(":")
        final = c["payload"].decode()
        without, _, proof = final.partition(",p=")
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
        message = ("%s,%s,%s" % (bare, first, without)).encode()
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        signature = hmac.digest(hashlib.sha256(client_key).digest(), message, "sha256")
        expected = bytes(a ^ b for a, b in zip(client_key, signature))
        if user != wanted or not hmac.compare_digest(base64.b64decode(proof), expected):
            raise Failure(18, "AuthenticationFailed", "Authentication failed.")
        connection["in"] = True
        server = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), message, "sha256")
        return {"conversationId": 1, "done": True, "payload": Binary(b"v=" + base64.b64encode(server)), "ok": 1.0}


def now():
    return datetime.datetime.utcnow().replace(microsecond=0)


def get(document, path):
    for part in path.split("."):
        if not isinstance(document, dict) or part not in document:
            return None
        document = document[part]
    return document


def parse(body):
    """A message's document, with its document sequences put in."""
    at, command, sequences = 4, None, {}
    while at < len(body):
        kind = body[at]
        at += 1
        size = struct.unpack_from("<i", body, at)[0]
        if kind == 0:
            command = bson.decode(body[at:at + size], OPTIONS)
        else:
            end = body.index(b"\0", at + 4)
            sequences[body[at + 4:end].decode()] = list(bson.decode_iter(body[end + 1:at + size], OPTIONS))
        at += size
    command.update(sequences)
    return command


def obey(deployment, order):
    what = order["do"]
    members = deployment.members if order.get("member") is None else [deployment.members[order["member"]]]
    if order.get("member") == -1:
        members = [deployment.members[deployment.primary]]
    if what == "step-down":
        deployment.step_down(order.get("pause", 0.2))
    elif what in ("drop-replies", "drop-requests", "fail"):
        deployment.faults.append({"count": 1, **order})
    elif what == "slow":
        deployment.slow, deployment.slow_command = order.get("ms", 0) / 1000, order.get("command")
    elif what == "close":
        for member in members:
            for writer in list(member.writers):
                writer.transport.abort()
    elif what == "silence":
        for member in members:
            member.is_silent, member.is_up = True, False
            member.healed = asyncio.Event()
        if deployment.args.set and deployment.primary in [m.index for m in members]:
            deployment.step_down(order.get("pause", 0.2))
    elif what == "heal":
        for member in members:
            member.is_silent, member.is_up = False, True
            member.healed.set()
        if deployment.args.set and deployment.primary is None:
            deployment.step_down(0)
    elif what == "forget-history":
        deployment.log.clear()
        deployment.logged += 10
    elif what != "stats":
        return {"error": "unknown order " + what}
    return {"counts": dict(deployment.counts), "primary": deployment.primary, "faults": len(deployment.faults)}


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--members", type=int, default=1)
    parser.add_argument("--set", default="")
    # As a mongod is started: on this port, a replica set that somebody has to begin, until it is killed.
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--replSet", default="")
    parser.add_argument("--bind_ip", default="")
    parser.add_argument("--dbpath", default="")
    parser.add_argument("--mongos", action="store_true")
    parser.add_argument("--wire", type=int, default=21)
    parser.add_argument("--user", default="")
    parser.add_argument("--tls-certificate", default="")
    parser.add_argument("--tls-client-ca", default="")
    args = parser.parse_args()
    args.set = args.set or args.replSet
    deployment = Deployment(args)
    deployment.members = [Member(deployment, i) for i in range(args.members)]
    deployment.members[0].port = args.port
    for member in deployment.members:
        await member.listen()
    print(" ".join(m.name for m in deployment.members), flush=True)
    if args.port:
        await asyncio.Event().wait()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while True:
        line = await reader.readline()
        if not line:
            return
        print(json.dumps(obey(deployment, json.loads(line))), flush=True)


asyncio.run(main())
