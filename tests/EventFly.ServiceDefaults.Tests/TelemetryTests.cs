using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using EventFly.Testing;

namespace EventFly.ServiceDefaults.Tests;

public sealed class TelemetryTests : IAsyncLifetime
{
    private OtlpListener listener = null!;
    private SampleService service = null!;

    public async ValueTask InitializeAsync()
    {
        listener = await OtlpListener.Start();
        service = await SampleService.Start(settings:
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", listener.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=test-key"), ("OTEL_SERVICE_NAME", "sample-by-name"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=abcdefgh"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"), ("OTEL_BLRP_SCHEDULE_DELAY", "50"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await listener.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_a_span_named_after_its_route()
    {
        await service.Client.GetAsync(new Uri("/api/sample/orders/00000000-0000-0000-0000-000000000001?version=7&code=very-secret", UriKind.Relative));

        await Eventually.True(() => listener.Traces.Contains("GET /api/sample/orders/{id}", StringComparison.Ordinal));
        await Eventually.True(() => listener.Traces.Contains("http.response.status_code", StringComparison.Ordinal));
        Assert.Contains("sample-by-name", listener.Traces, StringComparison.Ordinal);
        Assert.Contains("abcdefgh", listener.Traces, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", listener.Traces, StringComparison.Ordinal);
        Assert.Equal(["test-key"], listener.Keys);
    }

    [Fact]
    public async Task A_failure_is_a_span_with_its_exception_and_a_log_with_the_same_trace()
    {
        await service.Client.GetAsync(new Uri("/api/sample/broken", UriKind.Relative));

        await Eventually.True(() => listener.Traces.Contains("the inside", StringComparison.Ordinal));
        Assert.Contains("error.type", listener.Traces, StringComparison.Ordinal);
        Assert.Contains("exception.stacktrace", listener.Traces, StringComparison.Ordinal);
        await Eventually.True(() => listener.Logs.Contains("broke.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_and_metrics_are_no_spans()
    {
        await service.Client.GetAsync(new Uri("/health", UriKind.Relative));
        await service.Client.GetAsync(new Uri("/alive", UriKind.Relative));
        await service.Client.GetAsync(new Uri("/metrics", UriKind.Relative));
        await service.Client.GetAsync(new Uri("/api/sample/who", UriKind.Relative));

        await Eventually.True(() => listener.Traces.Contains("GET /api/sample/who", StringComparison.Ordinal));
        Assert.DoesNotContain("/health", listener.Traces, StringComparison.Ordinal);
        Assert.DoesNotContain("/alive", listener.Traces, StringComparison.Ordinal);
        Assert.DoesNotContain("GET /metrics", listener.Traces, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_sent()
    {
        await service.Client.GetAsync(new Uri("/api/sample/who", UriKind.Relative));

        await Eventually.True(() => listener.Metrics.Contains("http.server.request.duration", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promtool_finds_nothing_wrong_with_the_metrics()
    {
        using var meter = new Meter("EventFly.Sample.Hostile");
        meter.CreateCounter<long>("eventfly.sample.hostile", "{thing}", "Line one\nline \\two \"quoted\"").Add(1, new KeyValuePair<string, object?>("9bad label", "a\"b\\c\nd"));
        meter.CreateHistogram<double>("eventfly.sample.wait", "s", "A wait.").Record(0.2);
        await service.Client.GetAsync(new Uri("/api/sample/who", UriKind.Relative));
        var text = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Contains("""eventfly_sample_hostile_total{_bad_label="a\"b\\c\nd"} 1""", text, StringComparison.Ordinal);
        Assert.Matches(new Regex("""http_server_request_duration_seconds_bucket\{.*http_route="/api/sample/who".*le="\+Inf"\} 1"""), text);
        Assert.Contains("dotnet_", text, StringComparison.Ordinal);

        Assert.SkipWhen(ServerProgram.WhyNot("promtool") is not null, "promtool is not installed: apt-get install prometheus");
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, said + text);
    }
}
