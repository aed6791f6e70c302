using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace EventFly.BuildingBlocks.Http;

/// <summary>A version as an entity tag: <c>"v3"</c>.</summary>
public static class ETag
{
    /// <summary>The tag of a version, quotes included.</summary>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");

    /// <summary>Tells the client which version it got.</summary>
    public static void SetETag(this HttpResponse response, long version) => response.Headers.ETag = Of(version);

    /// <summary>Whether the client has this version already (If-None-Match), so that 304 is the answer.</summary>
    public static bool Has(this HttpRequest request, long version)
    {
        foreach (var line in request.Headers.IfNoneMatch)
        {
            foreach (var tag in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (tag == "*" || (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag) == Of(version))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Reads <c>"v3"</c>. False for anything else.</summary>
    internal static bool TryRead(string tag, out long version)
    {
        version = 0;
        return tag is ['"', 'v', .. var digits, '"'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }
}
