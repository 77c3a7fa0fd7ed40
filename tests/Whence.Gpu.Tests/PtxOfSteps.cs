namespace Whence.Gpu.Tests;

using ILGPU.Runtime.Cuda;
using Xunit.Abstractions;

/// <summary>The PTX of every kernel of the library.</summary>
public class PtxOfSteps(ITestOutputHelper output)
{
    private readonly struct Functions : Whence.CompilerServices.IMap1, Whence.CompilerServices.IMap2, Whence.CompilerServices.IMap3,
        Whence.CompilerServices.IMap4, Whence.CompilerServices.IMap5, Whence.CompilerServices.IMap6,
        Whence.CompilerServices.IMap7, Whence.CompilerServices.IMap8
    {
        public V At<V, M>(V a) where M : struct, IMath<V> => new Ops.Gelu().Value<V, M>(M.Tanh(M.Log(M.Expm1(M.Log1p(M.Sqrt(a))))));

        public V At<V, M>(V a, V b) where M : struct, IMath<V> => M.Divide(a, b);

        public V At<V, M>(V a, V b, V c) where M : struct, IMath<V> => M.MultiplyAdd(a, b, c);

        public V At<V, M>(V a, V b, V c, V d) where M : struct, IMath<V> => M.IfPositive(a, M.Max(b, c), M.IfZero(d, a, b));

        public V At<V, M>(V a, V b, V c, V d, V e) where M : struct, IMath<V> => M.Add(At<V, M>(a, b, c, d), e);

        public V At<V, M>(V a, V b, V c, V d, V e, V f) where M : struct, IMath<V> => M.Add(At<V, M>(a, b, c, d, e), f);

        public V At<V, M>(V a, V b, V c, V d, V e, V f, V g) where M : struct, IMath<V> => M.Add(At<V, M>(a, b, c, d, e, f), g);

        public V At<V, M>(V a, V b, V c, V d, V e, V f, V g, V h) where M : struct, IMath<V> =>
            M.Add(At<V, M>(a, b, c, d, e, f, g), h);
    }

    // Every kernel that a GPU runs; those that take types with some choices of the library's types, each filled with functions of its
    // number of operands.
    private static IEnumerable<Type> Kernels(Func<List<Type[]>, IEnumerable<Type[]>> choose)
    {
        var types = typeof(GpuDevice).Assembly.GetTypes();
        foreach (var type in types.Where(type => type.IsValueType && type.GetInterfaces().Any(IsKernel))
            .Where(type => type != typeof(ProcessorProduct<,,,>)))
        {
            if (!type.IsGenericTypeDefinition)
            {
                yield return type;
                continue;
            }
            var choices = type.GetGenericArguments().Select(parameter => Choices(parameter, types).ToArray()).ToList();
            foreach (var chosen in choose(choices))
                yield return type.MakeGenericType(chosen);
        }
    }

    private static bool IsKernel(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IKernel<>);

    private static IEnumerable<Type> Choices(Type parameter, Type[] types)
    {
        var needs = parameter.GetGenericParameterConstraints().Single(constraint => constraint.IsInterface);
        return needs.Namespace == "Whence.CompilerServices"
            ? [typeof(Functions)]
            : types.Where(type => type.IsValueType && type.GetInterfaces().Contains(needs))
                .Select(type => type.IsGenericTypeDefinition ? Filled(type) : type);
    }

    private static Type Filled(Type type) => type.MakeGenericType([.. type.GetGenericArguments().Select(parameter =>
        parameter.GetGenericParameterConstraints().Single(constraint => constraint.IsInterface) is var needs && needs == typeof(IFactor)
            ? typeof(Reads2<Functions>)
            : needs == typeof(IEpilogue) ? typeof(Ends3<Functions>) : typeof(Functions))]);

    // Every choice of every parameter in one of them.
    private static IEnumerable<Type[]> Each(List<Type[]> choices) => Enumerable.Range(0, choices.Max(types => types.Length))
        .Select(i => choices.Select(types => types[i % types.Length]).ToArray());

    // Every choice of one parameter with every choice of the next; of the others the first, second, ... in turn.
    private static IEnumerable<Type[]> Pairs(List<Type[]> choices)
    {
        var seen = new HashSet<string>();
        for (var first = 0; first < choices.Count; first++)
        for (var i = 0; i < choices[first].Length; i++)
        for (var j = 0; j < choices[(first + 1) % choices.Count].Length; j++)
        {
            var chosen = choices.Select((types, at) =>
                types[(at == first ? i : at == (first + 1) % choices.Count ? j : i + j + at) % types.Length]).ToArray();
            if (seen.Add(string.Join(" ", chosen.Select(type => type.ToString()))))
                yield return chosen;
        }
    }

    [Fact]
    public void IsClean() => Check(Kernels(Each));

    [Fact, Trait("Long", "gpu")]
    public void IsCleanWhateverStandsBesideWhat() => Check(Sampled.OneIn(3, Kernels(Pairs)));

    private void Check(IEnumerable<Type> kernels)
    {
        var (faults, count) = (new List<string>(), 0);
        foreach (var kernel in kernels)
        {
            count++;
            var ptx = Ptx.Of(kernel, CudaArchitecture.SM_80);
            faults.AddRange(ptx.Faults().Select(fault => $"{kernel}: {fault}"));
            if (kernel.IsGenericType && kernel.GetGenericTypeDefinition() == typeof(Product<,,,,>)
                && !ptx.Text.Contains("ld.global.v4.f32"))
                faults.Add($"{kernel}: loads one number at a time");
            output.WriteLine($"{kernel}: {ptx.Instructions} instructions, {ptx.UniformBranches} uniform branches");
        }
        Assert.True(count > 25, $"{count} kernels");
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }
}
