namespace EventFly.ServiceDefaults.Redis;

/// <summary>Redis did not answer, or not in time. Nothing in it is a fact that must not be lost: callers go on without.</summary>
public sealed class RedisUnavailableException : Exception
{
    public RedisUnavailableException()
    {
    }

    public RedisUnavailableException(string message)
        : base(message)
    {
    }

    public RedisUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
