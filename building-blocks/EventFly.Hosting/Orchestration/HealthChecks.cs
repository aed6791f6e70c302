using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Healthy if a GET is answered with the status.</summary>
internal sealed class HttpAnswers(Func<EndpointReference> endpoint, string path, int statusCode) : IHealthCheck
{
    private static readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var at = endpoint();
        if (!at.IsAllocated) return HealthCheckResult.Unhealthy("Its port is not known yet.");
        var url = new Uri(new Uri(at.Url), path);
        try
        {
            // A connection of its own, so that each replica has its turn.
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { ConnectionClose = true } };
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)answer.StatusCode == statusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{url} answers {(int)answer.StatusCode}, not {statusCode}.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
        {
            return HealthCheckResult.Unhealthy($"{url} does not answer: {error.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{url} does not answer within 5 s.");
        }
    }
}

/// <summary>Connects to a port of this machine and asks there, for at most 5 s.</summary>
internal abstract class PortCheck(EndpointReference endpoint) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated) return HealthCheckResult.Unhealthy("Its port is not known yet.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
            return await Ask(client.GetStream(), patience.Token);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy($"Port {Port} does not answer: {error.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"Port {Port} does not answer within 5 s.");
        }
    }

    protected int Port => endpoint.Port;

    protected abstract Task<HealthCheckResult> Ask(NetworkStream stream, CancellationToken cancellationToken);
}

/// <summary>Healthy if the port sends a greeting: at once, or after it was sent something.</summary>
internal sealed class PortAnswers(EndpointReference endpoint, byte[] say, byte[] greeting) : PortCheck(endpoint)
{
    protected override async Task<HealthCheckResult> Ask(NetworkStream stream, CancellationToken cancellationToken)
    {
        if (say.Length > 0) await stream.WriteAsync(say, cancellationToken);
        var heard = new byte[greeting.Length];
        await stream.ReadExactlyAsync(heard, cancellationToken);
        return heard.AsSpan().SequenceEqual(greeting)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"Something else answers on port {Port}.");
    }
}
