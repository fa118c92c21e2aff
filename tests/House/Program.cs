using Grid.House;

// Prints how the tree keeps the rules of CONTRIBUTING.md; exits with 1 where it breaks one.
var rules = new HouseRules(SourceTree.Read(AppContext.BaseDirectory));
var broken = false;

Print("import cycles between folders", rules.Cycles(), 0);
Print($"folders over {HouseRules.FilesPerFolder} files", rules.CrowdedFolders(), 0);
Print($"files over {HouseRules.LinesPerFile} non-blank lines", rules.LongFiles(), 0);
Print($"lines over {HouseRules.Columns} columns", rules.LongLines(), 0);
foreach (var word in HouseRules.OneHome) Print($"files that spell out {word}", rules.Homes(word), 1);
return broken ? 1 : 0;

void Print(string what, IReadOnlyList<string> places, int allowed)
{
    Console.WriteLine($"{places.Count,5}  {what}");
    if (places.Count <= allowed) return;
    broken = true;
    var shown = args.Contains("--all") ? places.Count : 12;
    foreach (var place in places.Take(shown)) Console.WriteLine($"         {place}");
    if (places.Count > shown) Console.WriteLine($"         ... and {places.Count - shown} more (--all)");
}
