using System.Text.Json.Serialization;

namespace EventFly.Messaging.Nats.JetStream;

// JetStream's own words; durations are nanoseconds. https://docs.nats.io/reference/reference-protocols/nats_api_reference
internal sealed record StreamConfig(
    string Name,
    IReadOnlyList<string> Subjects,
    long MaxAge,
    long DuplicateWindow,
    string Retention = "limits",
    string Discard = "old",
    string Storage = "file",
    int NumReplicas = 1,
    int MaxConsumers = -1,
    long MaxMsgs = -1,
    long MaxBytes = -1,
    bool AllowDirect = true);

internal sealed record ConsumerConfig(
    string DurableName,
    string FilterSubject,
    long AckWait,
    int MaxAckPending,
    string DeliverPolicy = "all",
    string AckPolicy = "explicit",
    string ReplayPolicy = "instant",
    int MaxDeliver = -1);

internal sealed record CreateConsumer(string StreamName, ConsumerConfig Config);

internal sealed record PullRequest(int Batch, long Expires, long IdleHeartbeat);

internal sealed record GetMessage(long Seq, string? NextBySubj = null);

internal sealed record DeleteMessage(long Seq);

internal sealed record ApiError(int Code, int ErrCode, string? Description);

internal sealed record PubAck(ApiError? Error, string? Stream, long Seq, bool Duplicate);

internal sealed record StreamState(long Messages, long FirstSeq, long LastSeq);

internal sealed record ConsumerInfo(long NumPending, long NumAckPending, long NumRedelivered);

internal sealed record StoredMessage(string Subject, long Seq, byte[]? Hdrs, byte[]? Data, DateTimeOffset Time);

internal sealed record ApiAnswer(
    ApiError? Error, StreamState? State, StoredMessage? Message, bool Success, long NumPending, long NumAckPending, long NumRedelivered);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamConfig))]
[JsonSerializable(typeof(CreateConsumer))]
[JsonSerializable(typeof(PullRequest))]
[JsonSerializable(typeof(GetMessage))]
[JsonSerializable(typeof(DeleteMessage))]
[JsonSerializable(typeof(PubAck))]
[JsonSerializable(typeof(ApiAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;
