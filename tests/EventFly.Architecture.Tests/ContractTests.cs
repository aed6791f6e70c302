using System.Text.Json;
using System.Text.Json.Nodes;
using EventFly.BuildingBlocks;
using EventFly.Contracts;

namespace EventFly.Architecture.Tests;

/// <summary>
/// What was said once can be read for ever: contracts/&lt;speaker&gt;.&lt;Name&gt;.json is a message as it was published. A new field is added to it;
/// what is in it is never renamed, retyped or taken out.
/// </summary>
public class ContractTests
{
    /// <summary>Mails are asked for by any service, so they have a place of their own on the bus.</summary>
    private const string Anybody = "Mail";

    private static readonly Type[] Contracts = [.. typeof(ContractAttribute).Assembly.GetTypes().Where(type => type.IsDefined(typeof(ContractAttribute), inherit: false))];

    [Fact]
    public void Every_contract_has_a_sample_that_still_reads_whole() =>
        Verdict.Of(Contracts, contract => Unread(contract, File.Exists(SampleOf(contract)) ? File.ReadAllText(SampleOf(contract)) : null)).Holds(atLeast: 15);

    [Fact]
    public void Every_sample_belongs_to_a_contract() => Assert.Equal(
        Contracts.Select(SampleOf).Order(StringComparer.Ordinal), Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal));

    [Fact]
    public void A_contract_is_spoken_by_the_service_whose_folder_it_is_in() => Verdict.Of(Contracts, contract =>
        ContractAttribute.Of(contract) is var attribute
        && contract.Name == attribute.Name
        && Product.Services.Append(Anybody).Any(service => string.Equals(service, attribute.Speaker, StringComparison.OrdinalIgnoreCase) && contract.Namespace == $"EventFly.Contracts.{service}")
            ? []
            : [$"{contract.FullName} calls itself {attribute.Type}"]).Holds(atLeast: 15);

    [Fact]
    public void A_field_that_was_renamed_retyped_or_forgotten_is_reported()
    {
        var contract = typeof(Contracts.Events.EventCancelled);
        const string Ids = "\"eventId\":\"0190c0de-0000-7000-8000-000000000001\",\"organizationId\":\"0190c0de-0000-7000-8000-000000000002\"";
        Assert.Empty(Unread(contract, $$"""{{{Ids}},"reason":"Storm"}"""));
        Assert.Equal(["EventCancelled has no sample"], Unread(contract, null));
        Assert.Equal(["EventCancelled no longer reads because of its sample"], Unread(contract, $$"""{{{Ids}},"because":"Storm","reason":"Storm"}"""));
        Assert.Equal(["EventCancelled has members that its sample lacks: reason"], Unread(contract, $$"""{{{Ids}}}"""));
        Assert.Equal(["EventCancelled does not read its sample: $.reason"], Unread(contract, $$"""{{{Ids}},"reason":7}"""));
    }

    private static string Folder => Path.Combine(Product.Root, "tests", "EventFly.Architecture.Tests", "contracts");

    private static string SampleOf(Type contract) => Path.Combine(Folder, $"{ContractAttribute.Of(contract).Speaker}.{ContractAttribute.Of(contract).Name}.json");

    private static IEnumerable<string> Unread(Type contract, string? sample)
    {
        if (sample is null)
        {
            return [$"{contract.Name} has no sample"];
        }

        JsonObject again;
        try
        {
            again = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(sample, contract, EventFlyJson.Options), contract, EventFlyJson.Options)!.AsObject();
        }
        catch (JsonException unreadable)
        {
            return [$"{contract.Name} does not read its sample: {unreadable.Path}"];
        }

        var said = JsonNode.Parse(sample)!;
        var missing = contract.GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Where(name => said[name] is null).ToArray();
        return missing.Length > 0 ? [$"{contract.Name} has members that its sample lacks: {string.Join(", ", missing)}"]
            : JsonNode.DeepEquals(said, again) ? []
            : [$"{contract.Name} no longer reads {string.Join(", ", said.AsObject().Select(member => member.Key).Where(name => !JsonNode.DeepEquals(said[name], again[name])))} of its sample"];
    }
}
