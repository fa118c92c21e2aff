using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Output;

namespace Grid.Cli.Operators.Access;

/// <summary>Makes verbs that talk to the admin API.</summary>
internal static class OperatorVerb
{
    /// <summary>A verb with the flags that all of them have.</summary>
    /// <param name="name">The name as typed.</param>
    /// <param name="description">The description that the help shows.</param>
    /// <param name="examples">Examples of the command line, each with what it does.</param>
    /// <param name="symbols">The arguments and flags of the verb.</param>
    /// <param name="action">What it does; returns the exit code.</param>
    /// <param name="watchable">Whether it has --watch.</param>
    public static Verb Create(string name, string description, (string, string)[] examples, Symbol[] symbols,
        Func<OperatorCall, Task<int>> action, bool watchable = false)
    {
        var verb = new Verb(name, description) { Examples = examples, Variables = GridFlags.Variables };
        foreach (var argument in symbols.OfType<Argument>()) verb.Add(argument);
        verb.Add(symbols.OfType<Option>());
        var grid = new GridFlags();
        var output = new OutputFlags(watchable);
        verb.Add(output.Options);
        verb.Add(grid.Options);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            using var call = new OperatorCall(result, () => grid.Find(result, Environment.GetEnvironmentVariable), output.Form(result),
                output.Watches(result), interruption.Token);
            try
            {
                return await AdminCalls.AskAsync(() => call.Access.Server, () => action(call));
            }
            catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
            {
                return interruption.Shutdown.ExitCode;
            }
        });
        return verb;
    }

    /// <summary>The name of something.</summary>
    public static Argument<string> Name(string name, string description) => new(name) { Description = description };
}
