using System.CommandLine;
using System.CommandLine.Invocation;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Engine.Configuration;
using Grid.Node.Options;
using Grid.Node.Roles;

namespace Grid.Cli;

/// <summary>Parses a command line, runs its verb and turns what fails into a text on stderr and an exit code.</summary>
internal static class GridCommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parser = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        var result = new GridRoot().Parse(FlagSpelling.Normalize(arguments), parser);
        try
        {
            if (result.Action is ParseErrorAction || result.Action == result.CommandResult.Command.Action) Check(result);
            var invocation = new InvocationConfiguration
            {
                Output = output, Error = error, EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null
            };
            return await result.InvokeAsync(invocation);
        }
        catch (CommandException fault)
        {
            error.WriteLine($"grid: {fault.Message}");
            return fault.ExitCode;
        }
        catch (NodeException fault)
        {
            error.WriteLine($"grid: {fault.Message}");
            return fault.ExitCode;
        }
        catch (ModelLoadException fault)
        {
            error.WriteLine($"grid: {fault.Message}");
            return LoadFaults.ExitCodeOf(fault.Kind);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception fault)
        {
            error.WriteLine($"grid: {fault.GetType().Name}: {fault.Message}");
            return ExitCodes.Failed;
        }
    }

    private static void Check(ParseResult result)
    {
        if (UsageErrors.Find(result) is { Count: > 0 } faults)
            throw new CommandException(
                string.Join(Environment.NewLine + "grid: ", [.. faults, $"'{UsageErrors.PathOf(result)} --help' shows what there is."]));
        if (result.CommandResult.Command.Options.OfType<PlannedFlag>()
            .FirstOrDefault(flag => result.GetResult(flag) is { Implicit: false }) is { } planned
            && result.CommandResult.Command is Verb)
            throw CommandException.NotSupported(planned.Name);
    }
}
