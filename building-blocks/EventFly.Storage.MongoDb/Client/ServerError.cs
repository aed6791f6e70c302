using System.Text.RegularExpressions;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>Reads what a server says when it does not do what it was asked.</summary>
internal static partial class ServerError
{
    private const int Duplicate = 11000;

    private static readonly int[] NotWritable = [10107, 13435, 10058, 11602, 13436, 189, 11600, 91];
    private static readonly int[] ShuttingDown = [11600, 91];
    private static readonly int[] Passing = [.. NotWritable, 6, 7, 89, 9001, 134, 262];

    public static bool IsNotPrimary(int code) => NotWritable.Contains(code);

    public static bool IsShuttingDown(int code) => ShuttingDown.Contains(code);

    /// <summary>Whether a second try, perhaps at another server, may succeed.</summary>
    public static bool IsPassing(MongoException failure) => failure.Failure switch
    {
        MongoFailure.Unreachable or MongoFailure.Unreadable => true,
        MongoFailure.TimedOut => !failure.IsFromQueue,
        MongoFailure.Refused => failure.Labels.Contains("RetryableWriteError") || Passing.Contains(failure.Code),
        _ => false,
    };

    /// <summary>Null when it did what it was asked, as far as it says.</summary>
    public static MongoException? Of(string operation, HostAddress server, BsonDocument reply)
    {
        if (!reply.Flag("ok"))
        {
            return Of(operation, server, reply, reply);
        }

        foreach (var error in reply.Documents("writeErrors"))
        {
            return Of(operation, server, error, reply);
        }

        if (reply.Document("writeConcernError") is not { } unconfirmed)
        {
            return null;
        }

        var failure = Of(operation, server, unconfirmed, reply);
        // The primary has it, and whether a majority will is unknown.
        return IsPassing(failure) ? failure : new MongoException(MongoFailure.TimedOut, $"{server} has {operation} but no majority confirmed it: {unconfirmed.Text("errmsg")}", failure);
    }

    private static MongoException Of(string operation, HostAddress server, BsonDocument error, BsonDocument reply)
    {
        var code = (int)error.Integer("code");
        var said = error.Text("errmsg") ?? error.Text("codeName") ?? "without a reason";
        string[] labels = [.. reply.Texts("errorLabels")];
        if (code != Duplicate)
        {
            return new MongoException(code is 18 or 13 ? MongoFailure.NotTrusted : MongoFailure.Refused, $"{server} refused {operation} ({code}): {said}") { Code = code, Labels = labels };
        }

        // The message repeats the key's value; only the index may leave.
        var index = Index().Match(said) is { Success: true } named ? named.Groups[1].Value : null;
        return new MongoException(MongoFailure.DuplicateKey, $"A unique index refuses {operation}{(index is null ? "" : $": {index}")}.") { Code = code, Index = index, Labels = labels };
    }

    [GeneratedRegex(@"index: (\S+) dup key")]
    private static partial Regex Index();
}
