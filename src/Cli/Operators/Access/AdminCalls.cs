using System.Net;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Client.Admin;

namespace Grid.Cli.Operators.Access;

/// <summary>Turns what goes wrong between a verb and the admin API into exit codes.</summary>
internal static class AdminCalls
{
    /// <summary>Runs calls.</summary>
    /// <exception cref="CommandException">It was refused, or the grid does not answer; the exit code is that of the fault.</exception>
    public static async Task<T> AskAsync<T>(Func<Uri> server, Func<Task<T>> calls)
    {
        try
        {
            return await calls();
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new CommandException($"The grid does not answer at {server()}: {fault.Message}", ExitCodes.Unreachable, fault);
        }
        catch (AdminClientException fault)
        {
            throw new CommandException(
                string.Join(Environment.NewLine,
                [fault.Message, .. fault.Details.Where(detail => !fault.Message.EndsWith(detail, StringComparison.Ordinal))]),
                    ExitCodeOf(fault), fault);
        }
    }

    /// <summary>Whether a call may do better a moment later.</summary>
    public static bool IsPassing(Exception fault) =>
        fault is HttpRequestException or IOException or AdminClientException { Status: HttpStatusCode.ServiceUnavailable }
        or CommandException { ExitCode: ExitCodes.Unreachable };

    private static int ExitCodeOf(AdminClientException fault) => fault.Status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCodes.Unauthorized,
        HttpStatusCode.NotFound => ExitCodes.NotFound,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => ExitCodes.Refused,
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotImplemented => ExitCodes.Usage,
        HttpStatusCode.ServiceUnavailable => ExitCodes.Unreachable,
        _ => ExitCodes.Failed,
    };
}
