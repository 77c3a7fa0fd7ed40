namespace Whence;

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Whence.Gpu;

/// <summary>
/// The text that a CUDA driver would be given of a network's kernels, made without a device: to be read, and to be assembled by
/// <c>ptxas -v -arch=sm_80 Net.ptx</c>, which says how many registers each kernel takes and whether it spills. A build writes it beside the
/// program where the project says <c>&lt;WhencePtx&gt;sm_80&lt;/WhencePtx&gt;</c>.
/// </summary>
[RequiresDynamicCode("ILGPU compiles kernels when they are asked for.")]
public static partial class GpuPtx
{
    /// <summary>
    /// One module with an entry for each kernel that the network's own programs launch: predictions, every pass that was compiled, and
    /// paths. Its text is the same from run to run.
    /// </summary>
    /// <param name="onGpu">The network's <c>OnGpu</c>.</param>
    /// <param name="architecture">What the text is for, such as "sm_80" or "sm_90". Later devices run it too.</param>
    /// <exception cref="ArgumentException">There is no such architecture.</exception>
    /// <exception cref="GpuException">ILGPU refuses a kernel, which is named.</exception>
    public static string Of(Func<GpuDevice, GpuNetwork> onGpu, string architecture = "sm_80")
    {
        ArgumentNullException.ThrowIfNull(onGpu);
        var target = Parse(architecture);
        using var device = GpuDevice.Recorder();
        var net = onGpu(device);
        device.Fits(new EveryProgram(net));
        var text = new StringBuilder();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (kernel, group) in device.Kernels.Recorded!)
            Append(text, Compile(kernel, target), kernel, group, names);
        return text.ToString();
    }

    /// <summary>Writes the text of every network of an assembly that is compiled for GPUs, as Net.ptx. The build calls it.</summary>
    /// <param name="program">The assembly.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="architecture">What the text is for, such as "sm_80".</param>
    /// <returns>The files, in the order of the networks' names.</returns>
    /// <exception cref="ArgumentException">There is no such architecture.</exception>
    /// <exception cref="GpuException">ILGPU refuses a kernel, which is named.</exception>
    [RequiresUnreferencedCode("Looks for networks among all types.")]
    public static IReadOnlyList<string> Write(Assembly program, string folder, string architecture = "sm_80")
    {
        ArgumentNullException.ThrowIfNull(program);
        var files = new List<string>();
        foreach (var type in program.GetTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (type.GetMethod("OnGpu", [typeof(GpuDevice)]) is not { } onGpu || type.GetMethod("Load", [typeof(Weights)]) is not { } load)
                continue;
            // No kernel depends on the weights' values.
            using var weights = Weights.Random(1);
            var net = load.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [weights], null)!;
            var file = Path.Combine(folder, $"{type.Name}.ptx");
            File.WriteAllText(file, Of(onGpu.CreateDelegate<Func<GpuDevice, GpuNetwork>>(net), architecture));
            files.Add(file);
        }
        return files;
    }

    private static CudaArchitecture Parse(string architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var number = Architecture().Match(architecture);
        return number.Success
            ? new CudaArchitecture(int.Parse(number.Groups[1].ValueSpan), int.Parse(number.Groups[2].ValueSpan))
            : throw new ArgumentException($"An architecture is written like sm_80, not {architecture}.", nameof(architecture));
    }

    /// <summary>The text of one kernel, in a context of its own: one that has refused a kernel compiles no other.</summary>
    internal static string Compile(Type kernel, CudaArchitecture architecture)
    {
        try
        {
            using var context = Context.Create(builder =>
                builder.Optimize(OptimizationLevel.O2).EnableAlgorithms().CPU(new CPUDevice(32, 4, 1)));
            using var backend = new PTXBackend(context, architecture, CudaInstructionSet.ISA_75, null!);
            var run = kernel.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Single(method => method.Name == "Run" && method.GetParameters().Length == 1);
            return ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(run), default)).PTXAssembly;
        }
        catch (Exception e) when (e is InternalCompilerException or NotSupportedException)
        {
            throw new GpuException($"ILGPU refuses the kernel {kernel} for {architecture}: {e.Message}", e);
        }
    }

    // Every text has the same header, of which a module has one, and one entry of the same name.
    private static void Append(StringBuilder to, string module, Type kernel, int group, HashSet<string> names)
    {
        var text = module.ReplaceLineEndings("\n");
        var body = text.IndexOf(".visible .entry", StringComparison.Ordinal);
        if (to.Length == 0)
            to.Append(text[..body].Trim()).Append('\n');
        var (name, count) = (Name(kernel), 1);
        while (!names.Add(name))
            name = $"{Name(kernel)}_{++count}";
        to.Append($"\n// {Written(kernel)}, in groups of {group} threads\n");
        to.Append(Renumbered(Entry().Replace(text[body..], $".visible .entry {name}(", 1)).Trim()).Append('\n');
    }

    // ILGPU numbers parameters and labels by all that the process has compiled.
    private static string Renumbered(string entry)
    {
        var numbers = new Dictionary<string, string>(StringComparer.Ordinal);
        return Numbered().Replace(entry, match =>
        {
            if (!numbers.TryGetValue(match.Value, out var name))
                numbers[match.Value] = name = $"{match.Groups[1].Value}_{numbers.Count + 1}";
            return name;
        });
    }

    private static string Name(Type kernel) => string.Join('_', Part(kernel).Concat(kernel.GetGenericArguments().Select(Name)));

    // The class around a network's own formulas has a name for each network, which the file has already.
    private static IEnumerable<string> Part(Type type) => type.IsNested && type.Namespace == typeof(GpuNetwork).Namespace
        ? [Plain(type.DeclaringType!), Plain(type)]
        : [Plain(type)];

    private static string Plain(Type type) => type.Name.Split('`')[0];

    private static string Written(Type kernel)
    {
        var name = kernel.IsNested ? $"{Plain(kernel.DeclaringType!)}.{Plain(kernel)}" : Plain(kernel);
        return kernel.IsGenericType ? $"{name}<{string.Join(", ", kernel.GetGenericArguments().Select(Written))}>" : name;
    }

    [GeneratedRegex(@"^sm_(\d+)(\d)$")]
    private static partial Regex Architecture();

    [GeneratedRegex(@"\b(L|_[a-z]\w*)_\d+\b")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\.visible \.entry \w+\(")]
    private static partial Regex Entry();
}
