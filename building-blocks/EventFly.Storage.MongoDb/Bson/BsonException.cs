namespace EventFly.Storage.MongoDb.Bson;

/// <summary>Bytes that are no BSON, or an element of another type than the reader wants.</summary>
internal sealed class BsonException(string message) : Exception(message);
