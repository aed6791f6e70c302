using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventFly.ServiceDefaults;

/// <summary>What a request record cannot do without: a constructor parameter that is neither nullable nor has a default must be in the JSON.</summary>
internal static class RequiredMembers
{
    public static void Demand(JsonSerializerOptions options)
    {
        options.RespectNullableAnnotations = true;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(static type =>
        {
            foreach (var property in type.Properties)
            {
                if (property is { Set: not null, AssociatedParameter: { HasDefaultValue: false } parameter } && !IsNullable(parameter))
                {
                    property.IsRequired = true;
                }
            }
        });
    }

    private static bool IsNullable(JsonParameterInfo parameter) => parameter.ParameterType.IsValueType
        ? Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        : parameter.IsNullable;
}
