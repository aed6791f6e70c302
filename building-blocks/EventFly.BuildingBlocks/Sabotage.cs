#if SABOTAGE
namespace EventFly.BuildingBlocks;

/// <summary>
/// Takes one protection away, so that a proof can be seen to fail. Exists in the build configuration Sabotage alone: in any other there is no such
/// type, and nothing that could ask for it.
/// </summary>
public static class Sabotage
{
    private static readonly string? Broken = Environment.GetEnvironmentVariable("EVENTFLY_BREAK");

    /// <summary>Whether this is the protection that is taken away.</summary>
    public static bool Breaks(string protection) => Broken == protection;
}
#endif
