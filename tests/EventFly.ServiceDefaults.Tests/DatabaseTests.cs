using System.Net.Http.Json;
using System.Text.Json;

namespace EventFly.ServiceDefaults.Tests;

public sealed class DatabaseTests
{
    [Theory]
    [InlineData(null, "The connection string sample-db is missing. Set ConnectionStrings__sample-db.")]
    [InlineData("", "The connection string sample-db is missing. Set ConnectionStrings__sample-db.")]
    [InlineData("oracle://x", "No storage adapter knows the connection string sample-db: it begins with \"oracle\". Use sqlite:<absolute path of a file> or mongodb://<host>/<database>.")]
    [InlineData("sqlite:", "No storage adapter knows the connection string sample-db: it begins with \"sqlite\". Use sqlite:<absolute path of a file> or mongodb://<host>/<database>.")]
    [InlineData("mongodb://me:secret@host", "The MongoDB connection string cannot be used: it names no database (mongodb://host/<database>). (It is named sample-db.)")]
    [InlineData("mongodb://me:secret@host/x?tsl=true", "The MongoDB connection string cannot be used: the option tsl is not known. (It is named sample-db.)")]
    public async Task A_connection_string_that_cannot_be_used_is_one_clear_sentence(string? connectionString, string sentence)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => SampleService.Start(builder => builder.AddDatabase("sample-db"), settings: ("ConnectionStrings:sample-db", connectionString)));

        Assert.Equal(sentence, refused.Message);
    }

    [Fact]
    public async Task Health_asks_the_store_by_its_name()
    {
        var folder = Directory.CreateTempSubdirectory("eventfly-test-");
        try
        {
            await using var service = await SampleService.Start(
                builder => builder.AddDatabase("sample-db"), settings: ("ConnectionStrings:sample-db", $"sqlite:{Path.Combine(folder.FullName, "sample.db")}"));
            var health = await service.Client.GetFromJsonAsync<JsonElement>("/health");

            Assert.Equal("healthy", health.GetProperty("status").GetString());
            Assert.Equal("healthy", health.GetProperty("checks").GetProperty("sample-db").GetProperty("status").GetString());
            Assert.Equal("""{"status":"healthy","checks":{}}""", await service.Client.GetStringAsync(new Uri("/alive", UriKind.Relative)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
