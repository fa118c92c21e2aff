using System.Runtime.InteropServices;

namespace Grid.Engine.Kernels;

/// <summary>
/// Keeps oneDNN off the matrix tiles (AMX) of a CPU that has them: there a row's bits change with the number of rows, and tiles of
/// rows that hold them cost many times more than they gain.
/// </summary>
internal static partial class OneDnnInstructions
{
    private const string Variable = "ONEDNN_MAX_CPU_ISA", NoTiles = "AVX512_CORE_BF16";

    /// <summary>What oneDNN may use at most in this process, as the variable says; it decides bits.</summary>
    public static string Allowed =>
        (OperatingSystem.IsLinux()
            ? Marshal.PtrToStringUTF8(GetVariable(Variable))
            : Environment.GetEnvironmentVariable(Variable))?.ToUpperInvariant() ?? "";

    /// <summary>To be called before the first linear of the process, when oneDNN reads the variable. What the user has set stays.</summary>
    public static void Limit()
    {
        // Environment.SetEnvironmentVariable changes only what managed code sees.
        if (OperatingSystem.IsLinux()) _ = SetVariable(Variable, NoTiles, overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVariable(string name);
}
