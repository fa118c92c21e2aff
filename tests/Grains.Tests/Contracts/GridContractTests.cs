using System.Reflection;
using Grid.TestUtilities;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Grid.Grains.Tests.Contracts;

/// <summary>The contract between nodes of different versions, and between a node and the store: it changes only on purpose.</summary>
public sealed class GridContractTests
{
    private static readonly string File = Path.Combine(Fixtures.RepositoryRoot, "tests", "Grains.Tests", "Contracts", "GridContracts.txt");

    public static TheoryData<string> Serialized => [.. ContractText.Serialized.Where(type => !type.IsEnum).Select(ContractText.AliasOf)];

    /// <summary>
    /// A failure here means that nodes of this build and of another one no longer understand each other, or only in part. To add a member,
    /// give it the next free id and a type whose default says "not given"; to remove one, leave its id unused for ever; never reorder or
    /// change a type. Then write the file again with GRID_WRITE_CONTRACTS=1 and look at the difference.
    /// </summary>
    [Fact]
    public async Task Contract_IsWhatWasWrittenDown()
    {
        var head =
            (await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken)).TakeWhile(line => line.StartsWith('#'));
        var now = string.Join('\n', head) + '\n' + ContractText.Write();
        if (Environment.GetEnvironmentVariable("GRID_WRITE_CONTRACTS") == "1")
            await System.IO.File.WriteAllTextAsync(File, now, TestContext.Current.CancellationToken);
        Assert.Equal(await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken), now);
    }

    [Fact]
    public void Types_HaveAliasesOfTheirOwn()
    {
        var types = ContractText.Serialized.Concat(ContractText.Interfaces).ToArray();
        Assert.All(types, type => Assert.StartsWith("grid.", ContractText.AliasOf(type), StringComparison.Ordinal));
        Assert.Equal(types.Length, types.Select(ContractText.AliasOf).Distinct().Count());
    }

    [Fact]
    public void Members_HaveIdsOfTheirOwn() => Assert.All(ContractText.Serialized, type =>
        Assert.Equal(ContractText.MembersOf(type).Length, ContractText.MembersOf(type).DistinctBy(member => member.Id).Count()));

    [Fact]
    public void Methods_HaveAliasesOfTheirOwn() => Assert.All(ContractText.Interfaces, type =>
    {
        var methods = ContractText.MethodsOf(type);
        Assert.All(methods, method => Assert.NotNull(method.GetCustomAttribute<AliasAttribute>()));
        Assert.Equal(methods.Length, methods.Select(ContractText.AliasOf).Distinct().Count());
    });

    /// <summary>A member without an id would be lost without a word.</summary>
    [Theory]
    [MemberData(nameof(Serialized))]
    public void Type_WithEveryMemberSet_ComesBack(string alias)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var type = ContractText.Serialized.Single(type => ContractText.AliasOf(type) == alias);
        if (typeof(Exception).IsAssignableFrom(type) || ContractText.MembersOf(type).Length == 0) return;
        var value = Samples.Of(type);
        Assert.Equivalent(value, serializer.Deserialize<object>(serializer.SerializeToArray(value)), strict: true);
    }
}
