namespace EventFly.Payments.Processor;

/// <summary>Asking again does not help: wrong key, key used for something else, an answer that we cannot read.</summary>
public class PaymentProcessorException(string message, string? requestId = null, Exception? innerException = null)
    : Exception(requestId is null ? message : $"{message} (request {requestId})", innerException)
{
    public string? RequestId => requestId;
}

/// <summary>
/// The processor could not be reached, or not in time, or was not able (5xx, 429). Ask again later WITH THE SAME attempt key:
/// the work may have been done.
/// </summary>
public sealed class PaymentProcessorUnavailableException(
    string message, TimeSpan? retryAfter = null, string? requestId = null, Exception? innerException = null)
    : PaymentProcessorException(message, requestId, innerException)
{
    /// <summary>When the processor said how long to wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
