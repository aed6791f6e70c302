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
        "EventFly.Architecture.Tests.Bad.HiddenLine/Line must be public, else it is not validated",
        "EventFly.Architecture.Tests.Bad.HiddenFilter/Filter must be public, else it is not validated");

    private static Verdict Visible(IEnumerable<AssemblyDefinition> assemblies) => Verdict.Of(assemblies.SelectMany(Requests), type =>
        type.IsPublic || type.IsNestedPublic ? [] : [$"{type.FullName} must be public, else it is not validated"]);

    /// <summary>Types named Request, other types with validation that endpoints take, and what those are made of.</summary>
    private static HashSet<TypeDefinition> Requests(AssemblyDefinition assembly)
    {
        var all = assembly.Types().ToDictionary(type => type.FullName, StringComparer.Ordinal);
        var requests = new HashSet<TypeDefinition>();
        foreach (var type in all.Values.Where(type => type.Name.EndsWith("Request", StringComparison.Ordinal) && type is { IsInterface: false, IsAbstract: false }))
        {
            Follow(type);
        }

        foreach (var taken in all.Values.Where(FeatureTests.IsEndpoint).SelectMany(endpoint => endpoint.Methods).SelectMany(method => method.Parameters))
        {
            if (all.GetValueOrDefault(taken.ParameterType.FullName) is { } type && IsValidated(type))
            {
                Follow(type);
            }
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

    private static bool IsValidated(TypeDefinition type) => type.Properties.Cast<ICustomAttributeProvider>()
        .Concat(type.Methods.Where(method => method.IsConstructor).SelectMany(method => method.Parameters))
        .SelectMany(member => member.CustomAttributes)
        .Any(attribute => attribute.AttributeType.Namespace == "System.ComponentModel.DataAnnotations");

    private static IEnumerable<string> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts),
        ArrayType array => Parts(array.ElementType),
        _ => [type.FullName],
    };
}
