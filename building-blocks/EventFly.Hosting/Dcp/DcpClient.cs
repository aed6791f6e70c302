using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Dcp;

/// <summary>Talks to the engine: objects over HTTPS, as Kubernetes has them.</summary>
internal sealed class DcpClient : IDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly TimeSpan _answerTakesAtMost = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;

    public DcpClient(Uri server, string token, X509Certificate2 certificate)
    {
        var pinned = certificate.RawData;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null && pinned.AsSpan().SequenceEqual(presented.GetRawCertData());
        _http = new HttpClient(handler)
        {
            BaseAddress = server,
            // Watches and logs stay open; every other call has its own limit.
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task Create<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind, string name, TSpec spec, Dictionary<string, string>? annotations, CancellationToken cancellationToken)
    {
        var created = new DcpObject<TSpec, TStatus>(DcpKinds.ApiVersion, kind.Name, new DcpMetadata(name, null, annotations), spec, default);
        await Send(() => new HttpRequestMessage(HttpMethod.Post, Path(kind)) { Content = JsonContent.Create(created, options: Json) }, cancellationToken);
    }

    public async Task<IReadOnlyList<DcpObject<TSpec, TStatus>>> List<TSpec, TStatus>(DcpKind<TSpec, TStatus> kind, CancellationToken cancellationToken)
    {
        var answer = await Send(() => new HttpRequestMessage(HttpMethod.Get, Path(kind)), cancellationToken);
        return JsonSerializer.Deserialize<DcpList<TSpec, TStatus>>(answer, Json)?.Items ?? [];
    }

    /// <summary>Asks the engine to end the process: SIGTERM, and SIGKILL after 6 s.</summary>
    public Task Stop<TSpec, TStatus>(DcpKind<TSpec, TStatus> kind, string name, CancellationToken cancellationToken) =>
        Patch($"{Path(kind)}/{name}", """{"spec":{"stop":true}}""", cancellationToken);

    /// <summary>Removes the object and waits until it is gone; harmless if it is gone already.</summary>
    public async Task Delete<TSpec, TStatus>(DcpKind<TSpec, TStatus> kind, string name, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_answerTakesAtMost);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, $"{Path(kind)}/{name}");
            using var answer = await _http.SendAsync(request, patience.Token);
            if (answer.StatusCode is HttpStatusCode.NotFound) return;
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Tells the engine to remove everything it has made, and to end.</summary>
    public Task Shutdown(CancellationToken cancellationToken) =>
        Patch("/admin/execution", """{"status":"Stopping","shutdownResourceCleanup":"Full"}""", cancellationToken);

    /// <summary>All objects of the kind, then every change. The engine ends a watch now and then: just watch again.</summary>
    public async IAsyncEnumerable<DcpChange<TSpec, TStatus>> Watch<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in Lines($"{Path(kind)}?watch=true", cancellationToken))
        {
            if (line.Length > 0 && JsonSerializer.Deserialize<DcpChange<TSpec, TStatus>>(line, Json) is { } change) yield return change;
        }
    }

    /// <summary>Console lines of a process, until it has ended; each begins with its time.</summary>
    /// <param name="kind">Executable or container.</param>
    /// <param name="name">Name of the object.</param>
    /// <param name="source"><c>stdout</c>, <c>stderr</c>, for containers also <c>startup_stdout</c> and <c>startup_stderr</c>, or <c>system</c>.</param>
    /// <param name="cancellationToken">Stops following.</param>
    public IAsyncEnumerable<string> Log<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind, string name, string source, CancellationToken cancellationToken) =>
        Lines($"{Path(kind)}/{name}/log?follow=true&timestamps=true&source={source}", cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string Path<TSpec, TStatus>(DcpKind<TSpec, TStatus> kind) => $"/apis/{DcpKinds.ApiVersion}/{kind.Collection}";

    private Task<byte[]> Patch(string path, string body, CancellationToken cancellationToken) => Send(
        () => new HttpRequestMessage(HttpMethod.Patch, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/merge-patch+json") } } },
        cancellationToken);

    private async Task<byte[]> Send(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_answerTakesAtMost);
        using var request = make();
        using var answer = await _http.SendAsync(request, patience.Token);
        var body = await answer.Content.ReadAsByteArrayAsync(patience.Token);
        return answer.IsSuccessStatusCode ? body : throw new DistributedApplicationException(
            $"The Aspire engine refused {request.Method} {request.RequestUri?.AbsolutePath}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
    }

    // Leaving the loop disposes the response: an open answer that nobody reads blocks the engine for everybody.
    private async IAsyncEnumerable<string> Lines(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line) yield return line;
    }
}
