using System.CommandLine;
using System.Globalization;
using Whence;

namespace Samples;

/// <summary>What computes a sample's answers: the CPU, or a device that is asked for by <c>--device</c>.</summary>
internal sealed class Computer : IDisposable
{
    private const string Cpu = "cpu";
    private const string Gpu = "gpu";
    private const string OpenCL = "opencl";

    // Rounding makes 1e-6 of the largest score; a kernel that is wrong, far more.
    private const double MostApart = 1e-3;

    private readonly double mostApart;
    private (double Apart, int Count) compared;

    private Computer(GpuDevice? device, double mostApart) => (Device, this.mostApart) = (device, mostApart);

    /// <summary>The device; null for the CPU.</summary>
    public GpuDevice? Device { get; }

    /// <summary>The words <c>--device cpu|gpu|opencl</c>.</summary>
    public static Option<string> Option()
    {
        var option = new Option<string>("--device")
        {
            Description = "what computes: the CPU, a CUDA device, or OpenCL's first device; a device's numbers are compared with the CPU's",
            DefaultValueFactory = _ => Cpu,
        };
        option.AcceptOnlyFromAmong(Cpu, Gpu, OpenCL);
        return option;
    }

    /// <summary>Opens what the word names.</summary>
    /// <param name="word">A word of <see cref="Option"/>.</param>
    /// <param name="mostApart">How far rounding may move a score, relative to the largest.</param>
    /// <exception cref="GpuException">There is no such device; it says what is missing.</exception>
    public static Computer Open(string word, double mostApart = MostApart) => new(word switch
    {
        Gpu => GpuDevice.Best(),
        OpenCL => GpuDevice.OpenCL(),
        _ => null,
    }, mostApart);

    /// <summary>Takes note of how far the device's scores are from the CPU's, relative to the largest of these.</summary>
    public void Compare(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        var (difference, largest) = (0.0, 0.0);
        for (var i = 0; i < ours.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs(ours[i] - theirs[i]));
            largest = Math.Max(largest, Math.Abs(theirs[i]));
        }
        compared = (Math.Max(compared.Apart, largest > 0 ? difference / largest : difference), compared.Count + 1);
    }

    /// <summary>One line: what computed, and how far its numbers were from the CPU's.</summary>
    /// <exception cref="InvalidDataException">They are further apart than rounding makes them.</exception>
    public string Tell()
    {
        var line = Device is null ? "Computed on the CPU." : string.Create(CultureInfo.InvariantCulture,
            $"Computed on {Device.Name} ({Device.Kind}). The scores of {compared.Count} explanations differ from the CPU's by at most "
                + $"{compared.Apart:0.0e+0} of the largest.");
        return compared.Apart <= mostApart ? line : throw new InvalidDataException($"{line} That is more than rounding.");
    }

    public void Dispose() => Device?.Dispose();
}
