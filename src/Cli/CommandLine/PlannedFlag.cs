using System.CommandLine;

namespace Grid.Cli.CommandLine;

/// <summary>A flag of a later version: it parses, and giving it is answered with "not supported".</summary>
internal sealed class PlannedFlag : Option<string[]>
{
    public PlannedFlag(string name, params string[] aliases) : base(name, aliases)
    {
        Description = "Not supported in this version";
        Arity = ArgumentArity.ZeroOrMore;
        Hidden = true;
    }
}
