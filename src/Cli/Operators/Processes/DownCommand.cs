using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Waiting;

namespace Grid.Cli.Operators.Processes;

/// <summary><c>grid down</c>.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var timeout = WaitTimeout.Flag();
        return OperatorVerb.Create(
            "down", "Shut down the process behind the admin API gracefully: running streams finish or are handed over",
            [("grid down --data-dir d/a", "returns when the process has ended")],
            [timeout],
            async call =>
            {
                var access = call.Access;
                await call.Client.ShutdownAsync(call.Cancellation);
                var code = await call.WaitAsync(async () => await IsGoneAsync(call, access) ? ExitCodes.Done : null,
                    WaitTimeout.Read(call.Result, timeout));
                if (code == ExitCodes.Done)
                    call.Output.Write(new JsonObject { ["server"] = access.Server.ToString(), ["pid"] = access.Pid, ["state"] = "ended" },
                        $"{access.Server} ended");
                return code;
            });
    }

    private static async Task<bool> IsGoneAsync(OperatorCall call, GridAccess access)
    {
        if (access.Pid is { } pid) return !IsAlive(pid);
        try
        {
            await call.Client.StatusAsync(call.Cancellation);
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
        catch (Client.Admin.AdminClientException)
        {
            // It is ending, but still there.
            return false;
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
