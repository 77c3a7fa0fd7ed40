namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>
/// A network's kernel that answers a whole question in one launch: what one group of threads does. Implemented by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IWholeKernel
{
    /// <summary>A thread's part of its group's work.</summary>
    static abstract void Run(WholeArguments p);
}

/// <summary>The same, as kernels are compiled.</summary>
internal readonly struct WholeKernel<TNetwork> : IKernel<WholeArguments> where TNetwork : struct, IWholeKernel
{
    public static void Run(WholeArguments p) => TNetwork.Run(p);
}
