using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace EventFly.Architecture.Tests;

/// <summary>What compiled code uses: signatures, bodies, attributes; closures and async bodies count for the type they were written in.</summary>
internal static class Uses
{
    public static IEnumerable<TypeDefinition> Types(this AssemblyDefinition assembly) =>
        assembly.MainModule.GetTypes().Where(type => type.Name != "<Module>" && !IsGenerated(type));

    /// <summary>Types as somebody wrote them, without what the compiler put inside.</summary>
    public static TypeDefinition Written(this TypeDefinition type)
    {
        while (type.DeclaringType is not null && type.Name.Contains('<', StringComparison.Ordinal))
        {
            type = type.DeclaringType;
        }

        return type;
    }

    /// <summary>Every type that this one uses, in its full name; generics by their definition and their arguments.</summary>
    public static IReadOnlySet<string> TypesUsed(this TypeDefinition type)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in Parts(type))
        {
            Add(part.BaseType);
            part.Interfaces.ToList().ForEach(implemented => Add(implemented.InterfaceType));
            AddAttributes(part);
            foreach (var field in part.Fields)
            {
                Add(field.FieldType);
                AddAttributes(field);
            }

            foreach (var property in part.Properties)
            {
                AddAttributes(property);
            }

            foreach (var method in part.Methods)
            {
                Add(method.ReturnType);
                AddAttributes(method);
                foreach (var parameter in method.Parameters)
                {
                    Add(parameter.ParameterType);
                    AddAttributes(parameter);
                }
            }
        }

        foreach (var member in type.MembersUsed())
        {
            Add(member.DeclaringType);
            switch (member)
            {
                case GenericInstanceMethod generic:
                    generic.GenericArguments.ToList().ForEach(Add);
                    Add(generic.ReturnType);
                    break;
                case MethodReference method:
                    Add(method.ReturnType);
                    break;
                case FieldReference field:
                    Add(field.FieldType);
                    break;
                default:
                    break;
            }
        }

        foreach (var named in Instructions(type).Select(instruction => instruction.Operand).OfType<TypeReference>())
        {
            Add(named);
        }

        found.Remove(type.FullName);
        return found;

        void AddAttributes(ICustomAttributeProvider provider) => provider.CustomAttributes.ToList().ForEach(attribute => Add(attribute.AttributeType));

        void Add(TypeReference? reference)
        {
            switch (reference)
            {
                case null or GenericParameter:
                    return;
                case GenericInstanceType generic:
                    Add(generic.ElementType);
                    generic.GenericArguments.ToList().ForEach(Add);
                    return;
                case TypeSpecification wrapped:
                    Add(wrapped.ElementType);
                    return;
                case var _ when WrittenName(reference) is var name && name.Contains('<', StringComparison.Ordinal):
                    return; // made by the compiler for a collection expression
                default:
                    found.Add(WrittenName(reference));
                    return;
            }
        }
    }

    /// <summary>Every method, property accessor and field that the bodies of this type name.</summary>
    public static IEnumerable<MemberReference> MembersUsed(this TypeDefinition type) =>
        Instructions(type).Select(instruction => instruction.Operand).OfType<MemberReference>().Where(member => member is not TypeReference);

    /// <summary>The folder of a type: the part of its namespace after the service's.</summary>
    public static string Folder(this TypeDefinition type, string root)
    {
        var space = OutermostNamespace(type);
        return space.Length > root.Length && space.StartsWith(root + ".", StringComparison.Ordinal) ? space[(root.Length + 1)..].Split('.')[0] : "";
    }

    public static string OutermostNamespace(this TypeReference type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return type.Namespace;
    }

    public static bool Implements(this TypeDefinition type, string interfaceName) =>
        type.Interfaces.Any(implemented => implemented.InterfaceType.GetElementType().FullName == interfaceName);

    public static bool HasAttribute(this ICustomAttributeProvider provider, string name) =>
        provider.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == name);

    private static IEnumerable<Instruction> Instructions(TypeDefinition type) =>
        Parts(type).SelectMany(part => part.Methods).Where(method => method.HasBody).SelectMany(method => method.Body.Instructions);

    /// <summary>The type, and what the compiler nested in it.</summary>
    private static IEnumerable<TypeDefinition> Parts(TypeDefinition type) =>
        type.NestedTypes.Where(nested => nested.Name.Contains('<', StringComparison.Ordinal)).SelectMany(Parts).Prepend(type);

    private static string WrittenName(TypeReference reference)
    {
        while (reference.DeclaringType is not null && reference.Name.Contains('<', StringComparison.Ordinal))
        {
            reference = reference.DeclaringType;
        }

        return reference.FullName;
    }

    private static bool IsGenerated(TypeDefinition type) =>
        type.Name.Contains('<', StringComparison.Ordinal)
        || type.OutermostNamespace() is "Microsoft.CodeAnalysis" or "System.Runtime.CompilerServices" or "Projects"
        || type.OutermostNamespace().EndsWith(".Generated", StringComparison.Ordinal)
        || (type.DeclaringType is { } declaring && IsGenerated(declaring));
}
