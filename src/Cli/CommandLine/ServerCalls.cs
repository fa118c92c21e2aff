using System.Net;
using Grid.Abstractions;
using Grid.Client;

namespace Grid.Cli.CommandLine;

/// <summary>Turns what goes wrong between a verb and a server into exit codes.</summary>
internal static class ServerCalls
{
    /// <summary>Runs calls; an unreachable server is 3, one that wants a key 4, one that lacks the model 5, another refusal 1.</summary>
    public static async Task<T> AskAsync<T>(Uri address, Func<Task<T>> calls)
    {
        try
        {
            return await calls();
        }
        catch (HttpRequestException fault)
        {
            throw new CommandException($"No server answers at {address}: {fault.Message}. Start one with 'grid serve'.",
                ExitCodes.Unreachable, fault);
        }
        catch (IOException fault)
        {
            throw new CommandException($"The connection to {address} was lost: {fault.Message}", ExitCodes.Failed, fault);
        }
        catch (GridClientException fault)
        {
            var code = fault.Status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCodes.Unauthorized,
                HttpStatusCode.NotFound => ExitCodes.NotFound,
                HttpStatusCode.BadRequest => ExitCodes.Usage,
                _ => ExitCodes.Failed,
            };
            throw new CommandException(fault.Message, code, fault);
        }
    }

    /// <summary>The name of the first model that a server serves.</summary>
    public static async Task<string> FirstModelAsync(GridClient client, Uri address, CancellationToken cancellation) =>
        (await AskAsync(address, () => client.GetModelsAsync(cancellation))) is [var first, ..]
            ? first.Id
            : throw new CommandException($"The server at {address} does not serve any model.", ExitCodes.NotFound);
}
