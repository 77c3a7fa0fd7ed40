namespace Whence.Gpu;

/// <summary>
/// A kernel, named by its type: what one thread of a group does. Its arguments are one struct, in which all memory is a view.
/// </summary>
internal interface IKernel<TArguments> where TArguments : struct
{
    /// <summary>The thread's work.</summary>
    static abstract void Run(TArguments arguments);
}
