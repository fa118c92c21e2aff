using System.Reflection;
using System.Runtime.CompilerServices;

namespace Grid.Architecture.Tests;

public sealed class NamespaceTests
{
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly string[] Projects = ["Primitives", "Abstractions", "Hosting", "Cluster", "Tokenization", "Engine", "Client",
        "Gateway", "Grains", "Silo", "Node"];

    // What implicit usings bring into every file.
    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
        "System.Threading.Tasks"];

    private static List<Type> OwnTypes { get; } =
        [.. Projects.SelectMany(project => Assembly.Load($"Grid.{project}").GetTypes())
        .Where(type => type.Namespace is not null && IsWritten(type))];

    [Fact]
    public void Namespaces_NeverEnd_InATypesName()
    {
        var systemTypes = new[] { typeof(object), typeof(Enumerable), typeof(HttpClient), typeof(Parallel), typeof(Stack<>) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => ImplicitUsings.Contains(type.Namespace));
        var names = OwnTypes.Where(type => !type.IsNested).Concat(systemTypes).Select(type => type.Name.Split('`')[0]).ToHashSet();
        var namespaces = OwnTypes.Select(type => type.Namespace!).Distinct();
        Assert.DoesNotContain(namespaces, name => names.Contains(name.Split('.')[^1]));
    }

    [Fact]
    public void Namespaces_Begin_WithTheirProject() =>
        Assert.All(OwnTypes, type => Assert.StartsWith(type.Assembly.GetName().Name!, type.Namespace!, StringComparison.Ordinal));

    [Theory]
    [InlineData("Grid.Engine.Scheduling")]
    [InlineData("Grid.Engine.KVCache")]
    [InlineData("Grid.Engine.Requests")]
    [InlineData("Grid.Engine.Planning")]
    public void SchedulingNamespace_Uses_NoTorchSharpType(string name)
    {
        var types = Assembly.Load("Grid.Engine").GetTypes()
            .Where(type => type.Namespace == name || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true).ToList();
        Assert.NotEmpty(types);
        Assert.DoesNotContain(types.SelectMany(UsedTypes),
            type => type.Assembly.GetName().Name!.StartsWith("TorchSharp", StringComparison.Ordinal));
    }

    private static bool IsWritten(Type type) =>
        type.Namespace?.StartsWith("OrleansCodeGen", StringComparison.Ordinal) != true
        && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !type.FullName!.Contains('<', StringComparison.Ordinal);

    private static IEnumerable<Type> UsedTypes(Type type)
    {
        var methods = type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).ToList();
        var used = type.GetFields(All).Select(field => field.FieldType)
            .Concat(type.GetInterfaces())
            .Concat(type.BaseType is { } parent ? [parent] : [])
            .Concat(methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)))
            .Concat(methods.OfType<MethodInfo>().Select(method => method.ReturnType))
            .Concat(methods.SelectMany(method => method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []));
        return used.SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
    }
}
