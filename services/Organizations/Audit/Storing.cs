using EventFly.BuildingBlocks.Documents;

namespace EventFly.Organizations.Audit;

internal static class Storing
{
    /// <summary>An entry that could not be stored comes again.</summary>
    public static async Task Stored(this Task<Changed<AuditEntry>> writing)
    {
        if ((await writing).Refusal is { } refusal)
        {
            throw new InvalidOperationException($"An audit entry was not stored: {refusal.Code}.");
        }
    }
}
