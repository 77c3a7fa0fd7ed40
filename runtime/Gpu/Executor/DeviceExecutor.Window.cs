namespace Whence.Gpu;

using ILGPU.Runtime;

// The inputs that lie on the device, with what is their own: all, or some next to each other.
internal sealed partial class DeviceExecutor
{
    private (int First, int End) window;
    // How many there is room for.
    private int windowSize;
    // [inputs, InputSize], [inputs, Each, InputSize] if they have their own, [inputs, size of From] likewise.
    private Rows x;
    private Rows own;
    private Rows ownSeeds;

    private int FloatsOfInput => checked(job.InputSize * (HasReferences && job.PerInput ? 1 + job.Each : 1)
        + (job.PerInputSeeds ? job.FromSize : 0));

    // References as rows' descriptors count them.
    private Rows References => !HasReferences ? x : job.PerInput ? own : shared;

    // Where an input's reference lies among them.
    private int ReferenceAt(int input, int reference) =>
        !HasReferences ? input - window.First : job.PerInput ? (input - window.First) * job.Each + reference : reference;

    // Brings an input to the device, with those after it.
    private void Bring(int input)
    {
        if (windowSize == 0)
            MakeRoom(overlaps ? BesideOthers(job.Count - input) : (int)Math.Clamp(WindowBudget / FloatsOfInput, 1, job.Count - input));
        if (TakeAhead(input))
            return;
        var count = Math.Min(windowSize, job.Count - input);
        x.Read(job.Inputs(input, count));
        if (HasReferences && job.PerInput)
            own.Read(job.PairReferences(input * job.Each, count * job.Each, default));
        if (job.PerInputSeeds)
            ownSeeds.Read(Seeds(input, count));
        window = (input, input + count);
    }

    // With the targets of its inputs. What does not fit comes with half as many, which are measured anew.
    private void Enter(int input)
    {
        ObjectDisposedException.ThrowIf(device.IsDisposed, device);
        while (input < window.First || input >= window.End)
        {
            try
            {
                Bring(input);
                MeasureWindow();
            }
            catch (OutOfDeviceMemoryException e)
            {
                if (windowSize == 1 && !overlaps)
                    throw NotOne(e);
                Shrink();
            }
            catch (AcceleratorException e)
            {
                throw DriverError.Told(device, e);
            }
        }
    }

    // A part of what a thread may have.
    private long WindowBudget => Math.Min(WindowFloats, device.Room / (4 * sizeof(float)));

    private void MakeRoom(int inputs)
    {
        for (windowSize = inputs; ; windowSize = Math.Max(1, windowSize / 2))
        {
            try
            {
                (x, own, ownSeeds) = TakeWindow();
                if (overlaps)
                    TakeRoomBeside();
                return;
            }
            catch (OutOfDeviceMemoryException e)
            {
                lane.Release(jobMark);
                if (windowSize == 1 && !overlaps)
                    throw NotOne(e);
                overlaps &= windowSize > 1;
            }
        }
    }

    private (Rows X, Rows Own, Rows Seeds) TakeWindow() => (lane.Take((long)windowSize * job.InputSize),
        HasReferences && job.PerInput ? lane.Take((long)windowSize * job.Each * job.InputSize) : default,
        job.PerInputSeeds ? lane.Take((long)windowSize * job.FromSize) : default);

    // Gives the inputs' memory back; the next one that is asked about comes with half as many.
    private void Shrink()
    {
        Settle();
        overlaps &= windowSize > 1;
        var half = Math.Max(1, windowSize / 2);
        window = (0, 0);
        lane.Release(jobMark);
        MakeRoom(half);
    }

    private void Forget()
    {
        (x, own, ownSeeds) = (default, default, default);
        (ahead, making, made) = (default, default, default);
    }
}
