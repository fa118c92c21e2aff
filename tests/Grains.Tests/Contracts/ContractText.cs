using System.Globalization;
using System.Reflection;
using System.Text;
using Grid.Abstractions.Grains;
using Grid.Grains.Records;

namespace Grid.Grains.Tests.Contracts;

/// <summary>Writes down what nodes and the store rely on: aliases, ids and types of members, values of enums, methods of grains.</summary>
internal static class ContractText
{
    private static readonly Assembly[] Assemblies = [typeof(IGridGrain).Assembly, typeof(GridState).Assembly];

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Every type that is serialized.</summary>
    public static Type[] Serialized { get; } =
    [
        .. Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), false))
            .OrderBy(AliasOf, StringComparer.Ordinal),
    ];

    /// <summary>Every interface of a grain or an observer.</summary>
    public static Type[] Interfaces { get; } =
    [
        .. Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
            .OrderBy(AliasOf, StringComparer.Ordinal),
    ];

    /// <summary>The alias of a type; its full name where it has none.</summary>
    public static string AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName!;

    /// <summary>Members of a type that cross the wire, with their ids.</summary>
    public static (uint Id, PropertyInfo Member)[] MembersOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(member => member.IsDefined(typeof(IdAttribute)))
            .Select(member => (member.GetCustomAttribute<IdAttribute>()!.Id, member))
            .OrderBy(member => member.Id),
    ];

    /// <summary>Methods of an interface itself.</summary>
    public static MethodInfo[] MethodsOf(Type type) =>
        [.. type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .OrderBy(AliasOf, StringComparer.Ordinal)];

    /// <summary>The alias of a method; its name where it has none.</summary>
    public static string AliasOf(MethodInfo method) => method.GetCustomAttribute<AliasAttribute>()?.Alias ?? method.Name;

    /// <summary>The whole contract.</summary>
    public static string Write()
    {
        var text = new StringBuilder();
        foreach (var type in Serialized)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{(type.IsEnum ? "enum" : "type")} {AliasOf(type)}\n");
            if (type.IsEnum)
                foreach (var value in Enum.GetValues(type)) text.Append(CultureInfo.InvariantCulture, $"    {(int)value} {value}\n");
            foreach (var (id, member) in MembersOf(type))
                text.Append(CultureInfo.InvariantCulture, $"    {id} {member.Name}: {NameOf(member.PropertyType)}{Mark(member)}\n");
        }

        foreach (var type in Interfaces)
        {
            string[] bases = [.. type.GetInterfaces().Where(other => Interfaces.Contains(other)).Select(AliasOf)];
            text.Append(CultureInfo.InvariantCulture,
                $"\ninterface {AliasOf(type)}{(bases.Length > 0 ? $" : {string.Join(", ", bases)}" : "")}\n");
            foreach (var method in MethodsOf(type))
            {
                var parameters = string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)));
                text.Append(CultureInfo.InvariantCulture, $"    {AliasOf(method)}({parameters}): {NameOf(method.ReturnType)}\n");
            }
        }

        return text.ToString();
    }

    private static string Mark(PropertyInfo member) =>
        !member.PropertyType.IsValueType && Nullability.Create(member).ReadState == NullabilityState.Nullable ? "?" : "";

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return NameOf(value) + "?";
        if (type.IsArray) return NameOf(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter) return type.Name;
        if (!type.IsGenericType) return Serialized.Contains(type) || Interfaces.Contains(type) ? AliasOf(type) : type.Name;
        var definition = type.GetGenericTypeDefinition();
        var name = Serialized.Contains(definition) ? AliasOf(definition) : definition.Name;
        return $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
