namespace EventFly.Demo;

/// <summary>What was expected did not happen. The message says what, the request says where.</summary>
internal sealed class StepFailedException(string message, string? request = null) : Exception(message)
{
    public string? Request { get; } = request;
}

/// <summary>Nobody answers at the gateway's address.</summary>
internal sealed class UnreachableException(Uri gateway) : Exception(
    $"No gateway answers at {gateway.GetLeftPart(UriPartial.Authority)}: start the system with `./eventfly run` and try again.");
