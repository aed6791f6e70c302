namespace EventFly.Gateway.Door;

/// <summary>Browsers of other origins: none, but for those in <c>Cors:Origins</c> (a list, or one value with commas).</summary>
internal static class CrossOrigin
{
    public static void AddCrossOrigin(this IServiceCollection services, IConfiguration configuration)
    {
        string[] origins =
        [
            .. configuration.GetSection("Cors:Origins").GetChildren().Select(origin => origin.Value ?? "")
                .Append(configuration["Cors:Origins"] ?? "")
                .SelectMany(origins => origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
        ];
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .WithMethods("GET", "PUT", "POST", "PATCH", "DELETE")
            .WithHeaders("Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "X-Request-Id", "traceparent")
            .WithExposedHeaders("ETag", "Location", "Retry-After", "X-Request-Id")
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }
}
