// Learned waves over each input unit, for periodic embeddings of numbers.
#pragma once

#include "vector_update.hpp"

namespace hl {

// cos(2π·w·x + b) for some frequencies w and phases b of each input unit; or, without phases, the
// cosines of each unit and then its sines.
template <class T>
class WavesStep final : public Step<T> {
  public:
    WavesStep(const Places& places, int frequencies, bool has_phase, Parameter frequency,
              Parameter phase)
        : input_(places.input()),
          output_(places.output),
          work_(places.training),
          frequencies_(frequencies),
          has_phase_(has_phase),
          frequency_(frequency),
          phase_(phase) {}

    void forward(const Batch<T>& batch, int first, int columns) const noexcept override {
        for (int i = 0; i < input_.units; ++i) {
            // Sines that are no output are what the backward pass needs.
            T* sine = !has_phase_      ? batch.row(sines(i)) + first
                      : batch.training ? batch.row(work(i)) + first
                                       : nullptr;
            batch.kernels.waves(frequencies_, columns, batch.stride,
                                batch.row(input_.value + i) + first, frequency(batch, i),
                                phase(batch, i), batch.row(cosines(i)) + first, sine);
        }
    }

    void forward_one(const Batch<T>& batch) const noexcept override {
        for (int i = 0; i < input_.units; ++i) {
            const T x = batch.row(input_.value)[i];
            const T *own = frequency(batch, i), *shift = phase(batch, i);
            for (int f = 0; f < frequencies_; f += Block<T>) {
                const int n = std::min(Block<T>, frequencies_ - f);
                alignas(64) T angles[Block<T>] = {}, cosine[Block<T>], sine[Block<T>];
                for (int j = 0; j < n; ++j) {
                    angles[j] = x * own[f + j] * two_pi<T>;
                    if (has_phase_) angles[j] += shift[f + j];
                }
                batch.kernels.circle(Block<T>, angles, cosine, has_phase_ ? nullptr : sine);
                std::copy_n(cosine, n, batch.row(cosines(i)) + f);
                if (!has_phase_) std::copy_n(sine, n, batch.row(sines(i)) + f);
            }
        }
    }

    // `work_` takes what comes back to the angles.
    void backward(const Batch<T>& batch, int first, int columns) const noexcept override {
        const int upstream = output_.gradient - output_.value;
        for (int i = 0; i < input_.units; ++i) {
            T* slope = batch.row(work(i)) + first;
            batch.kernels.wave_slopes(frequencies_, columns, batch.stride,
                                      batch.row(cosines(i) + upstream) + first,
                                      has_phase_ ? slope : batch.row(sines(i)) + first,
                                      has_phase_ ? nullptr : batch.row(sines(i) + upstream) + first,
                                      batch.row(cosines(i)) + first, slope);
            if (input_.gradient < 0) continue;
            for (int f = 0; f < frequencies_; ++f) {
                const T factor = frequency(batch, i)[f] * two_pi<T>;
                batch.kernels.scale(1, columns, batch.stride, slope + f * batch.stride, &factor,
                                    batch.row(input_.gradient + i) + first, f > 0 || input_.adds);
            }
        }
    }

    // The frequencies, then the phases.
    int update_items() const noexcept override {
        return (has_phase_ ? 2 : 1) * blocks_of<T>(angles());
    }
    void update_item(const Batch<T>& batch, const Update<T>& update, Waiting<T>& waiting,
                     int item) const noexcept override {
        const int blocks = blocks_of<T>(angles());
        if (item >= blocks) {
            return update_vector(
                batch, update, waiting, phase_, angles(), item - blocks, [&](int angle) {
                    return static_cast<T>(
                        batch.kernels.sum(batch.samples, batch.row(work_ + angle)));
                });
        }
        update_vector(batch, update, waiting, frequency_, angles(), item, [&](int angle) {
            const T* x = batch.row(input_.value + angle / frequencies_);
            return static_cast<T>(batch.kernels.dot(batch.samples, batch.row(work_ + angle), x) *
                                  two_pi<double>);
        });
    }

  private:
    int angles() const noexcept { return input_.units * frequencies_; }
    int cosines(int i) const noexcept {
        return output_.value + (has_phase_ ? 1 : 2) * i * frequencies_;
    }
    int sines(int i) const noexcept { return cosines(i) + frequencies_; }
    int work(int i) const noexcept { return work_ + i * frequencies_; }
    const T* frequency(const Batch<T>& batch, int i) const noexcept {
        return batch.parameters + frequency_.offset + i * frequencies_;
    }
    const T* phase(const Batch<T>& batch, int i) const noexcept {
        return has_phase_ ? batch.parameters + phase_.offset + i * frequencies_ : nullptr;
    }

    Buffer input_;
    Buffer output_;
    int work_;
    int frequencies_;
    bool has_phase_;
    Parameter frequency_;
    Parameter phase_;
};

template <class T>
int add_waves(Program<T>& program, int at, int frequencies, bool has_phase) {
    const int angles = program.units(at) * frequencies;
    const Parameter frequency = program.parameter(1, angles, true);
    const Parameter phase = has_phase ? program.parameter(1, angles, true) : Parameter{};
    // Two polynomials and what is around them, for each angle.
    program.add_operations(60.0 * angles);
    return program.add({at}, has_phase ? angles : 2 * angles, true, {.training = angles},
                       [=](const Places& places) -> std::unique_ptr<Step<T>> {
                           return std::make_unique<WavesStep<T>>(places, frequencies, has_phase,
                                                                 frequency, phase);
                       });
}

}  // namespace hl
