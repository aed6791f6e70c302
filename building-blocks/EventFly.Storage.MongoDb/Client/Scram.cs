using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>SCRAM-SHA-256: neither side sends the password, both prove that they know it. https://www.rfc-editor.org/rfc/rfc7677</summary>
internal sealed class Scram(string user, string password, string source)
{
    private const int FewestIterations = 4096;
    private const int MostIterations = 1_000_000;

    private readonly Lock gate = new();
    private readonly string prepared = Prepare(password);
    private (string Salt, int Iterations, byte[] Key)? remembered;

    public async Task SignIn(MongoConnection connection, CancellationToken cancellationToken)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        var firstBare = $"n={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";
        var first = await Say(connection, "saslStart", null, "n,," + firstBare, cancellationToken);
        var serverFirst = Payload(first, connection);
        var parts = Parts(serverFirst);
        if (!parts.TryGetValue('r', out var joined) || !joined.StartsWith(nonce, StringComparison.Ordinal) || joined.Length == nonce.Length
            || !parts.TryGetValue('s', out var salt)
            || !int.TryParse(parts.GetValueOrDefault('i'), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < FewestIterations or > MostIterations)
        {
            throw Refused(connection, "its SCRAM challenge is not acceptable");
        }

        var key = Salted(salt, iterations);
        var withoutProof = $"c=biws,r={joined}";
        var all = Encoding.UTF8.GetBytes($"{firstBare},{serverFirst},{withoutProof}");
        var clientKey = HMACSHA256.HashData(key, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), all);
        var proof = new byte[clientKey.Length];
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] = (byte)(clientKey[i] ^ signature[i]);
        }

        var answer = await Say(connection, "saslContinue", first, $"{withoutProof},p={Convert.ToBase64String(proof)}", cancellationToken);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(key, "Server Key"u8), all));
        if (!CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Parts(Payload(answer, connection)).GetValueOrDefault('v', "")), Encoding.UTF8.GetBytes(expected)))
        {
            throw Refused(connection, "it does not know the password itself");
        }

        if (!answer.Flag("done"))
        {
            await Say(connection, "saslContinue", first, "", cancellationToken);
        }
    }

    private static Dictionary<char, string> Parts(string payload) => payload.Split(',')
        .Where(part => part.Length > 2 && part[1] == '=')
        .DistinctBy(part => part[0])
        .ToDictionary(part => part[0], part => part[2..]);

    private static string Payload(BsonDocument answer, MongoConnection connection) =>
        answer.Find("payload") is { Type: BsonType.Binary } payload ? Encoding.UTF8.GetString(payload.AsBinary().Span) : throw Refused(connection, "it answered without a payload");

    private static MongoException Refused(MongoConnection connection, string why) =>
        new(MongoFailure.NotTrusted, $"Signing in to {connection.Address} failed: {why}.");

    /// <summary>SASLprep for what passwords are made of; ASCII stays what it is.</summary>
    private static string Prepare(string password)
    {
        try
        {
            return Ascii.IsValid(password) ? password : password.Normalize(NormalizationForm.FormKC);
        }
        catch (PlatformNotSupportedException)
        {
            throw new FormatException("The MongoDB connection string cannot be used: this system cannot normalize a password beyond ASCII.");
        }
    }

    private byte[] Salted(string salt, int iterations)
    {
        lock (gate)
        {
            if (remembered is { } known && known.Salt == salt && known.Iterations == iterations)
            {
                return known.Key;
            }
        }

        byte[] key;
        try
        {
            key = Rfc2898DeriveBytes.Pbkdf2(prepared, Convert.FromBase64String(salt), iterations, HashAlgorithmName.SHA256, 32);
        }
        catch (FormatException)
        {
            throw new MongoException(MongoFailure.NotTrusted, "Signing in failed: the server's salt cannot be read.");
        }

        lock (gate)
        {
            remembered = (salt, iterations, key);
        }

        return key;
    }

    private async Task<BsonDocument> Say(MongoConnection connection, string command, BsonDocument? before, string payload, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value(command, 1);
            if (before is { } begun)
            {
                message.Body.Copy("conversationId", begun["conversationId"]);
            }
            else
            {
                message.Body.Value("mechanism", "SCRAM-SHA-256");
            }

            message.Body.Binary("payload", Encoding.UTF8.GetBytes(payload));
            if (before is null)
            {
                message.Body.BeginDocument("options");
                message.Body.Value("skipEmptyExchange", true);
                message.Body.End();
            }

            message.Body.Value("$db", source);
            message.Finish();
            var answer = await connection.Exchange(message, Timeout.InfiniteTimeSpan, cancellationToken);
            return answer.Flag("ok")
                ? answer
                : throw Refused(connection, answer.Integer("code") == 18 ? "the server does not accept user or password" : answer.Text("errmsg") ?? "the server refuses");
        }
        finally
        {
            OpMessage.Return(message);
        }
    }
}
