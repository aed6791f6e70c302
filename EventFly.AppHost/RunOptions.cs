using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.AppHost;

/// <summary>What can be said on the command line; `--help` prints it.</summary>
internal sealed class RunOptions : IDisposable
{
    private const string Usage = """
        --ephemeral              keep nothing: a temporary data folder, free ports for everything
        --data <folder>          where databases and messages are kept (default: .data in the checkout; also EVENTFLY_DATA)
        --gateway-port <port>    port of the gateway (default: 8080; also EVENTFLY_GATEWAY_PORT; 0 takes a free one)
        --dashboard-port <port>  port of the dashboard (default: 18888; also EVENTFLY_DASHBOARD_PORT; 0 takes a free one)
        --mongodb <uri>          keep everything in this MongoDB instead of SQLite files, a database per service (also EVENTFLY_MONGODB);
                                 `local` starts a replica set of one: a container, or mongod from PATH
        --section:key=value      any other setting, such as --Stripe:SecretKey=sk_test_...
        """;

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly HashSet<int> _given = [];
    private string? _data = Environment.GetEnvironmentVariable("EVENTFLY_DATA");
    private string _gatewayPort = Environment.GetEnvironmentVariable("EVENTFLY_GATEWAY_PORT") ?? "8080";
    private string _dashboardPort = Environment.GetEnvironmentVariable("EVENTFLY_DASHBOARD_PORT") ?? "18888";
    private string? _mongoDb = Environment.GetEnvironmentVariable("EVENTFLY_MONGODB") is { Length: > 0 } uri ? uri : null;
    private string _folder = "";
    private int _gateway;
    private int _dashboard;
    private FileStream? _lock;

    /// <summary>What is none of these goes to the application's settings.</summary>
    public string[] Rest { get; private set; } = [];

    public bool Ephemeral { get; private set; }

    public const string LocalMongoDb = "local";

    /// <summary>Connection string of the MongoDB that keeps everything, <see cref="LocalMongoDb"/>, or null for SQLite files.</summary>
    public string? MongoDb => _mongoDb;

    public int GatewayPort => _gateway == 0 ? _gateway = FreePort() : _gateway;

    /// <summary>A folder of the data folder.</summary>
    public string Folder(string name) => Path.Combine(_folder, name);

    /// <summary>
    /// A port for a process that listens itself. Below the range that systems take for outgoing connections, so that none takes it while its process is
    /// down for a restart.
    /// </summary>
    public int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (_given.Add(port) && ProbePort(port) is null) return port;
        }
    }

    /// <summary>Null if there is nothing to run; the reason is on standard error then, in one sentence.</summary>
    public static RunOptions? Read(string[] args)
    {
        var options = new RunOptions();
        var problem = options.Parse(args) ?? options.CheckPorts() ?? options.OpenDataFolder();
        if (problem is null) return options;
        Console.Error.WriteLine(problem);
        return null;
    }

    public void Configure(IDistributedApplicationBuilder builder)
    {
        builder.Configuration["ASPNETCORE_URLS"] = $"http://localhost:{_dashboard}";
        builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ??= "http://localhost:0";
        builder.Configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] ??= "true";
        // The engine removes its session folder when the run is over, however it ended, and throw-away data with it.
        if (Ephemeral) builder.Configuration["Dcp:SessionFolder"] = Path.GetDirectoryName(_folder);
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<Announcement>(services, new RunBegan(_began)));
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (Ephemeral && Path.GetDirectoryName(_folder) is { } temporary && Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
    }

    private string? Parse(string[] args)
    {
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help": return Usage;
                case "--ephemeral": Ephemeral = true; break;
                case "--data" or "--mongodb" or "--gateway-port" or "--dashboard-port" when i + 1 == args.Length: return $"{args[i]} needs a value.";
                case "--data": _data = args[++i]; break;
                case "--mongodb": _mongoDb = args[++i]; break;
                case "--gateway-port": _gatewayPort = args[++i]; break;
                case "--dashboard-port": _dashboardPort = args[++i]; break;
                case var setting when setting.StartsWith("--", StringComparison.Ordinal) && setting.Contains('='): rest.Add(setting); break;
                case var unknown: return $"'{unknown}' is no argument of this program:{Environment.NewLine}{Usage}";
            }
        }
        if (_mongoDb is not (null or LocalMongoDb) && !_mongoDb.StartsWith("mongodb://", StringComparison.Ordinal) && !_mongoDb.StartsWith("mongodb+srv://", StringComparison.Ordinal))
        {
            return "--mongodb takes a connection string that begins with mongodb:// or mongodb+srv://, or the word local.";
        }
        Rest = [.. rest];
        if (!Ephemeral) return null;
        if (!args.Contains("--gateway-port")) _gatewayPort = "0";
        if (!args.Contains("--dashboard-port")) _dashboardPort = "0";
        return null;
    }

    private string? CheckPorts() =>
        CheckPort("gateway", _gatewayPort, out _gateway) ?? CheckPort("dashboard", _dashboardPort, out _dashboard);

    private static string? CheckPort(string what, string text, out int port)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65_535)
        {
            return $"'{text}' is no port for the {what}: it takes a number from 0 (any free one) to 65535.";
        }
        return port == 0 || ProbePort(port) is not { } error
            ? null
            : $"Port {port}, where the {what} would listen, cannot be used ({error}): free it, or choose another with --{what}-port.";
    }

    /// <summary>Why nobody can listen there; null if somebody can.</summary>
    private static string? ProbePort(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
    }

    private string? OpenDataFolder()
    {
        try
        {
            _folder = Ephemeral
                ? Directory.CreateDirectory(Path.Combine(Directory.CreateTempSubdirectory("eventfly.").FullName, "data")).FullName
                : Directory.CreateDirectory(_data ?? Path.Combine(Checkout(), ".data")).FullName;
            Directory.CreateDirectory(Folder("databases"));
            // Held until the end: two runs on the same files would ruin them.
            _lock = new FileStream(Folder(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (IOException) when (File.Exists(Folder(".lock")) && Directory.Exists(Folder("databases")))
        {
            return $"The data folder {_folder} is in use by another run: stop that, or choose another with --data.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"The data folder {_data ?? ".data"} cannot be used ({error.Message.TrimEnd('.')}): choose another with --data.";
        }
    }

    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EventFly.sln"))) return folder.FullName;
        }
        return Directory.GetCurrentDirectory();
    }
}

/// <summary>When the program began, as the clock counts.</summary>
internal sealed record RunBegan(long At);
