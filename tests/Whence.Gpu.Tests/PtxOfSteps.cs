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

    /// <summary>Every kernel; those that take a type, with every type of the library's that they can take.</summary>
    private static IEnumerable<Type> Kernels()
    {
        var types = typeof(GpuDevice).Assembly.GetTypes();
        foreach (var type in types.Where(type => type.IsValueType && type.GetInterfaces().Any(IsKernel)))
        {
            if (!type.IsGenericTypeDefinition)
            {
                yield return type;
                continue;
            }
            foreach (var arguments in Choices(type.GetGenericArguments(), types))
                yield return type.MakeGenericType(arguments);
        }
    }

    private static bool IsKernel(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IKernel<>);

    private static IEnumerable<Type[]> Choices(Type[] parameters, Type[] types)
    {
        IEnumerable<Type[]> all = [[]];
        foreach (var parameter in parameters)
        {
            var needs = parameter.GetGenericParameterConstraints().Single(constraint => constraint.IsInterface);
            var fits = needs.Namespace == "Whence.CompilerServices"
                ? [typeof(Functions)]
                : types.Where(type => type.IsValueType && needs.IsAssignableFrom(type)).ToArray();
            all = all.SelectMany(chosen => fits.Select(type => (Type[])[.. chosen, type])).ToList();
        }
        return all;
    }

    [Fact]
    public void IsClean()
    {
        var (faults, count) = (new List<string>(), 0);
        foreach (var kernel in Kernels())
        {
            count++;
            var ptx = Ptx.Of(kernel, CudaArchitecture.SM_80);
            faults.AddRange(ptx.Faults().Select(fault => $"{kernel}: {fault}"));
            output.WriteLine($"{kernel}: {ptx.Instructions} instructions, {ptx.UniformBranches} uniform branches");
        }
        Assert.True(count > 25, $"{count} kernels");
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }
}
