using Grid.House;

namespace Grid.Architecture.Tests.House;

public sealed class HouseTests
{
    private static readonly SourceTree Tree = SourceTree.Read(AppContext.BaseDirectory);
    private static readonly HouseRules Rules = new(Tree);

    public static TheoryData<string> Projects => [.. Tree.Projects];

    public static TheoryData<string> Words => [.. HouseRules.OneHome];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_UseOnlyFloorsBelow(string project) => Assert.Empty(Tree.Graph(project).Against(Floors.Of[project]));

    [Fact]
    public void Folders_Everywhere_FormNoCycle() => Assert.Empty(Rules.Cycles());

    [Fact]
    public void Folders_Everywhere_AreNotCrowded() => Assert.Empty(Rules.CrowdedFolders());

    [Fact]
    public void Files_Everywhere_AreShort() => Assert.Empty(Rules.LongFiles());

    [Fact]
    public void Lines_Everywhere_FitTheirColumns() => Assert.Empty(Rules.LongLines());

    [Fact]
    public void Records_OfTheControlPlane_AreChangedByTheStoreAlone() =>
        Assert.Empty(Rules.ChangesPast("src/Grains/Records", "src/Grains/Store"));

    [Fact]
    public void EventReasons_Everywhere_AreSpelledOutInOneFile() =>
        Assert.All(Rules.Reasons("src/Abstractions/Events/EventReasons.cs"), reason => Assert.Single(Rules.Homes(reason)));

    [Theory]
    [MemberData(nameof(Words))]
    public void Word_WithOneHome_IsSpelledOutInOneFile(string word) => Assert.InRange(Rules.Homes(word).Count, 0, 1);
}
