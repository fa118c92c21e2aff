using Grid.House;

namespace Grid.Architecture.Tests.House;

public sealed class FolderGraphTests
{
    private const string Root = "Grid.Toy";

    private static readonly SourceFile Cellar = File("Cellar", "", "class Coal;");
    private static readonly SourceFile Hall = File("Hall", "using Grid.Toy.Cellar;", "class Stove { Coal? Coal; }");

    [Fact]
    public void Against_ArrowsPointDown_FindsNothing() =>
        Assert.Empty(new FolderGraph(Root, [Cellar, Hall]).Against(["Cellar", "Hall"]));

    [Fact]
    public void Against_PlantedUsing_NamesTheArrowAndItsFile()
    {
        var planted = File("Cellar", "using Grid.Toy.Hall;", "class Coal { Stove? Stove; }");
        var fault = Assert.Single(new FolderGraph(Root, [planted, Hall]).Against(["Cellar", "Hall"]));
        Assert.Equal("Grid.Toy: Cellar uses Hall, which is above it (src/Toy/Cellar/File.cs)", fault);
    }

    [Fact]
    public void Against_FolderWithoutAFloor_NamesIt() =>
        Assert.Equal(["Grid.Toy: Hall is on no floor"], new FolderGraph(Root, [Cellar, Hall]).Against(["Cellar"]).Take(1));

    [Fact]
    public void Against_NestedFolder_StandsOnItsParentsFloor()
    {
        var nested = new SourceFile("src/Toy/Hall/Oven/File.cs", "using Grid.Toy.Cellar;\nnamespace Grid.Toy.Hall.Oven;\nclass Oven;");
        Assert.Empty(new FolderGraph(Root, [Cellar, Hall, nested]).Against(["Cellar", "Hall"]));
    }

    [Fact]
    public void Cycles_FoldersThatUseEachOther_AreOneGroup()
    {
        var planted = File("Cellar", "using static Grid.Toy.Hall.Stove;", "class Coal;");
        Assert.Equal(["Cellar", "Hall"], Assert.Single(new FolderGraph(Root, [planted, Hall]).Cycles()));
    }

    [Fact]
    public void Cycles_NestedFolderThatSeesItsParentWithoutUsing_Counts()
    {
        var parent = File("Hall", "using Grid.Toy.Hall.Oven;", "class Stove { Door? Door; }");
        var nested = new SourceFile("src/Toy/Hall/Oven/File.cs", "namespace Grid.Toy.Hall.Oven;\nclass Door { Stove? Stove; }");
        Assert.Equal(["Hall", "Hall/Oven"], Assert.Single(new FolderGraph(Root, [parent, nested]).Cycles()));
    }

    [Fact]
    public void Cycles_TypeNamedThroughItsNamespace_Counts()
    {
        var planted = File("Cellar", "", "class Coal { Hall.Stove? Stove; }");
        Assert.Single(new FolderGraph(Root, [planted, Hall]).Cycles());
    }

    [Fact]
    public void Cycles_NameInACommentOrText_DoesNotCount()
    {
        var planted = File("Cellar", "", "// Hall.Stove\nclass Coal { string Text = \"Hall.Stove\"; }");
        Assert.Empty(new FolderGraph(Root, [planted, Hall]).Cycles());
    }

    private static SourceFile File(string folder, string usings, string code) =>
        new($"src/Toy/{folder}/File.cs", $"{usings}\nnamespace {Root}.{folder};\n{code}");
}
