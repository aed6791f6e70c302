using System.Reflection;
using EventFly.BuildingBlocks.Decisions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventFly.BuildingBlocks.Http;

/// <summary>
/// The versions that a write was meant for (the If-Match header). A handler takes it as a parameter and asks
/// <see cref="Refuse"/> inside its decision, where the version is the one that the write will be checked against.
/// </summary>
public sealed record IfMatch : IEndpointParameterMetadataProvider
{
    private readonly bool any;
    private readonly long[] versions;
    private readonly Refusal? unreadable;

    private IfMatch(bool any, long[] versions, Refusal? unreadable) => (this.any, this.versions, this.unreadable) = (any, versions, unreadable);

    /// <summary>Reads the header; never fails, the refusal comes from <see cref="Refuse"/>.</summary>
    public static ValueTask<IfMatch> BindAsync(HttpContext context) => ValueTask.FromResult(Read(context.Request.Headers.IfMatch.ToString()));

    /// <summary>Reads the header's value.</summary>
    public static IfMatch Read(string header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return new IfMatch(false, [], new Refusal(
                RefusalKind.PreconditionRequired, "if-match-required", "Send the ETag that you have read in the If-Match header."));
        }

        if (header.Trim() == "*")
        {
            return new IfMatch(true, [], null);
        }

        var versions = new List<long>();
        foreach (var tag in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!ETag.TryRead(tag, out var version))
            {
                return new IfMatch(false, [], Refusal.Invalid("if-match-malformed", "If-Match must hold an ETag as it was sent, like \"v3\".", "If-Match"));
            }

            versions.Add(version);
        }

        return new IfMatch(false, [.. versions], null);
    }

    /// <summary>
    /// Null when the write may go on at <paramref name="version"/>; else <c>if-match-required</c> (428), <c>if-match-malformed</c> (400) or <c>stale</c> (412).
    /// </summary>
    public Refusal? Refuse(long version) => unreadable
        ?? (any || versions.Contains(version)
            ? null
            : Refusal.Stale("stale", "It was changed since you read it. Read it again.") with
            {
                Details = new Dictionary<string, object?> { ["currentETag"] = ETag.Of(version) },
            });

    /// <summary>Tells the API description that the header exists.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new TakesHeader("If-Match"));
}

/// <summary>Says in the API description that a request header is read.</summary>
/// <param name="Name">The header.</param>
public sealed record TakesHeader(string Name);
