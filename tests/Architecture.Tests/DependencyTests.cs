using System.Reflection;

namespace Grid.Architecture.Tests;

public sealed class DependencyTests
{
    [Theory]
    [InlineData("Primitives", "")]
    [InlineData("Abstractions", "Primitives")]
    [InlineData("Configuration", "Abstractions,Primitives")]
    [InlineData("Tokenization", "")]
    [InlineData("Client", "Abstractions,Primitives")]
    [InlineData("Engine", "Primitives,Tokenization")]
    [InlineData("Hosting", "Abstractions,Primitives")]
    [InlineData("Cluster", "Abstractions,Configuration,Hosting,Primitives")]
    [InlineData("Grains", "Abstractions,Engine,Primitives")]
    [InlineData("Gateway", "Abstractions,Cluster,Configuration,Hosting,Primitives")]
    [InlineData("Silo", "Abstractions,Cluster,Engine,Grains,Hosting,Primitives,Tokenization")]
    [InlineData("Node", "Abstractions,Cluster,Configuration,Gateway,Hosting,Primitives,Silo")]
    public void Project_References_OnlyWhatItsLayerMay(string project, string allowed) =>
        Assert.Empty(ProjectFile.Source(project).References.Select(reference => reference.Name).Except(allowed.Split(',')));

    [Theory]
    [InlineData("Primitives")]
    [InlineData("Abstractions")]
    [InlineData("Tokenization")]
    [InlineData("Client")]
    [InlineData("Hosting")]
    [InlineData("Cluster")]
    [InlineData("Gateway")]
    public void Closure_OutsideTheEngine_HasNoTorchSharp(string project)
    {
        Assert.DoesNotContain(ProjectFile.Source(project).Closure.SelectMany(file => file.Packages), IsTorch);
        Assert.DoesNotContain(AssemblyClosure(project), IsTorch);
    }

    /// <summary>Who only talks to a grid does not carry a parser of its configuration file.</summary>
    [Theory]
    [InlineData("Primitives")]
    [InlineData("Abstractions")]
    [InlineData("Client")]
    public void Closure_OfTheContracts_HasNoYamlParser(string project)
    {
        var packages = ProjectFile.Source(project).Closure.SelectMany(file => file.Packages);
        Assert.DoesNotContain("YamlDotNet", packages.Concat(AssemblyClosure(project)));
    }

    [Fact]
    public void Closure_OfTheEngine_HasNeitherOrleansNorAspNet()
    {
        var closure = ProjectFile.Source("Engine").Closure.ToList();
        var needs = closure.SelectMany(file => file.Packages.Concat(file.Frameworks)).Concat(AssemblyClosure("Engine"));
        Assert.DoesNotContain(needs,
            name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || name.Contains("Orleans", StringComparison.Ordinal));
    }

    [Fact]
    public void NativePackages_AreReferenced_ByExecutablesAndTestsOnly()
    {
        var libraries = ProjectFile.All().Where(file => !file.IsExecutable).ToList();
        Assert.NotEmpty(libraries);
        Assert.All(libraries, file =>
        {
            Assert.False(file.ImportsTorch, $"{file.Name} imports build/Torch.props");
            Assert.DoesNotContain(file.Packages, IsNative);
        });
    }

    private static bool IsTorch(string name) => name.Contains("torch", StringComparison.OrdinalIgnoreCase);

    private static bool IsNative(string package) =>
        package.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase)
        || package.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names of all assemblies that the project's assembly reaches through Grid's own.</summary>
    private static IEnumerable<string> AssemblyClosure(string project)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>([$"Grid.{project}"]);
        while (open.TryDequeue(out var name))
        {
            if (!seen.Add(name) || !name.StartsWith("Grid.", StringComparison.Ordinal)) continue;
            foreach (var reference in Assembly.Load(name).GetReferencedAssemblies()) open.Enqueue(reference.Name!);
        }

        return seen;
    }
}
