using Mono.Cecil;

namespace EventFly.Architecture.Tests;

/// <summary>The framework validates only what is public, and passes over the rest without a word.</summary>
public class RequestTests
{
    [Fact]
    public void Requests_are_public_so_that_they_are_validated() => Visible(Product.ServiceAssemblies).Holds(atLeast: 5);

    [Fact]
    public void A_request_that_is_not_validated_is_reported() => Visible([Product.Planted]).Reports(
        "EventFly.Architecture.Tests.Bad.HiddenRequest/Request must be public, else it is not validated",
        "EventFly.Architecture.Tests.Bad.HiddenLine/Line must be public, else it is not validated");

    private static Verdict Visible(IEnumerable<AssemblyDefinition> assemblies) => Verdict.Of(assemblies.SelectMany(Requests), type =>
        type.IsPublic || type.IsNestedPublic ? [] : [$"{type.FullName} must be public, else it is not validated"]);

    /// <summary>Types named Request, and what they are made of.</summary>
    private static HashSet<TypeDefinition> Requests(AssemblyDefinition assembly)
    {
        var all = assembly.Types().ToDictionary(type => type.FullName, StringComparer.Ordinal);
        var requests = new HashSet<TypeDefinition>();
        foreach (var type in all.Values.Where(type => type.Name.EndsWith("Request", StringComparison.Ordinal) && !type.IsInterface && type is { IsAbstract: false }))
        {
            Follow(type);
        }

        return requests;

        void Follow(TypeDefinition type)
        {
            if (!type.IsEnum && requests.Add(type))
            {
                foreach (var part in type.Properties.SelectMany(property => Parts(property.PropertyType)))
                {
                    if (all.GetValueOrDefault(part) is { } known)
                    {
                        Follow(known);
                    }
                }
            }
        }
    }

    private static IEnumerable<string> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts),
        ArrayType array => Parts(array.ElementType),
        _ => [type.FullName],
    };
}
