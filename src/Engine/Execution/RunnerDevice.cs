using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Execution;

/// <summary>Reads <c>--device</c>.</summary>
internal static class RunnerDevice
{
    /// <exception cref="ModelLoadException">It is no device of this kind of runner, or it is not there.</exception>
    public static Device Parse(string text)
    {
        var (kind, rest) = text.Split(':', 2) is [var left, var right] ? (left, right) : (text, "");
        return kind switch
        {
            // What follows is how much memory to lend, which is not the runner's business.
            "cpu" => CPU,
            "cuda" => Cuda(text, rest),
            _ => throw new ModelLoadException($"--device must be cpu or cuda:N for a model with tensors and is {text}.", ModelLoadFault.Layout),
        };
    }

    /// <summary>One shard's device: <c>cuda</c> with three shards means cuda:0 to cuda:2, <c>cuda:4</c> counts from there, a list names each; all share the CPU.</summary>
    /// <param name="text">As in <see cref="Parse"/>, which tells what is wrong with it.</param>
    /// <param name="shard">Counted over all ranks of the engine.</param>
    public static string OfShard(string text, int shard) => text.Contains(',') ? text.Split(',')[shard] : text.Split(':', 2) switch
    {
        ["cuda"] => string.Create(CultureInfo.InvariantCulture, $"cuda:{shard}"),
        ["cuda", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var first) => string.Create(CultureInfo.InvariantCulture, $"cuda:{first + shard}"),
        _ => text,
    };

    /// <summary>The devices of one data-parallel rank, of those of all.</summary>
    /// <param name="text">As in <see cref="OfShard"/>.</param>
    /// <param name="rank">From 0.</param>
    /// <param name="shards">Of each rank.</param>
    public static string OfRank(string text, int rank, int shards) =>
        text.Contains(',') ? string.Join(',', text.Split(',').Skip(rank * shards).Take(shards)) : OfShard(text, rank * shards);

    private static Device Cuda(string text, string number)
    {
        var index = 0;
        if (number.Length > 0 && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index))
            throw new ModelLoadException($"--device cuda:N needs a number and is {text}.", ModelLoadFault.Layout);
        if (!cuda.is_available())
            throw new ModelLoadException($"--device {text}: no CUDA device can be used. Build with -p:TorchBackend=cuda on a machine that has one.", ModelLoadFault.Layout);
        if (index >= cuda.device_count())
            throw new ModelLoadException($"--device {text}: there are {cuda.device_count()} CUDA devices, counted from 0.", ModelLoadFault.Layout);
        return new Device(DeviceType.CUDA, index);
    }
}
