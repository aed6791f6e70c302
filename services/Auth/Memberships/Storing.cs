using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Auth.Memberships;

internal static class Storing
{
    /// <summary>What could not be stored now comes again.</summary>
    public static void OrThrow(this Refusal? refusal, string what)
    {
        if (refusal is not null)
        {
            throw new InvalidOperationException($"{what} was not stored: {refusal.Code}.");
        }
    }
}
